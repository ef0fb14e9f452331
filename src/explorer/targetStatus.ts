import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LazyTarget } from "../targets/lazyTarget.ts";
import type { TargetList } from "../targets/targetList.ts";

/** The status bar's item that says where code goes, and changes it on a click. It is there while a Python file is, or apps are looked at. */
export class TargetStatus implements vscode.Disposable {
  readonly #targets: TargetList;
  readonly #item: vscode.StatusBarItem;
  readonly #stop: () => void;

  constructor(targets: TargetList) {
    this.#targets = targets;
    this.#item = vscode.window.createStatusBarItem("spawnpoint.target", vscode.StatusBarAlignment.Left);
    this.#item.name = l10n.t("Spawnpoint Target");
    this.#item.command = "spawnpoint.selectTarget";
    this.#stop = targets.onChange(() => this.#draw());
    this.#draw();
    this.#item.show();
  }

  dispose(): void {
    this.#stop();
    this.#item.dispose();
  }

  #draw(): void {
    const { current, all, local } = this.#targets;
    const target = all.find(({ id }) => id === current.targetId);
    const name = target?.name ?? current.targetId.slice(current.targetId.indexOf(":") + 1);
    const place = current.environmentName ? `${name} › ${current.environmentName}` : name;
    const failed = target?.state.status === "failed";
    const icon = failed ? "warning" : current.targetId === local.id ? "server-environment" : "cloud";
    this.#item.text = `$(${icon}) ${place}`;
    this.#item.accessibilityInformation = {
      label: failed ? l10n.t`Spawnpoint target: ${place}, failed` : l10n.t`Spawnpoint target: ${place}`,
      role: "button",
    };
    this.#item.tooltip = tooltip(place, target);
  }
}

function tooltip(place: string, target: LazyTarget | undefined): string {
  const problem = target?.state.status === "failed" ? `\n${target.state.error.message}` : "";
  return `${l10n.t`Functions are deployed and called on ${place}. Click to select another target.`}${problem}`;
}
