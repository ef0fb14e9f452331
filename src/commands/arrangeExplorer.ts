import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Arrangement } from "../explorer/arrangement.ts";
import type { Services } from "./services.ts";

/** *Filter*: shows only apps and functions whose names contain what is typed. Empty shows all. */
export async function filterExplorer({ explorer }: Services): Promise<void> {
  const filter = await vscode.window.showInputBox({
    title: l10n.t("Filter Apps and Functions"),
    prompt: l10n.t("Part of an app's name, or of an app's and a function's: app/function, or /function in every app."),
    placeHolder: "app/function",
    value: explorer.arrangement.filter,
  });
  if (filter !== undefined) await explorer.arrange({ filter: filter.trim() });
}

interface ArrangementItem extends vscode.QuickPickItem {
  readonly change: Partial<Arrangement>;
}

/** *Sort and Group*: chooses the order of apps, and where methods stand. */
export async function arrangeExplorer({ explorer }: Services): Promise<void> {
  const { sort, grouping } = explorer.arrangement;
  const items: ArrangementItem[] = [
    { label: l10n.t("Sort Apps by Name"), picked: sort === "name", change: { sort: "name" } },
    { label: l10n.t("Sort Apps by State, Running First"), picked: sort === "state", change: { sort: "state" } },
    { label: l10n.t("Sort Apps by Creation, Newest First"), picked: sort === "newest", change: { sort: "newest" } },
    { label: l10n.t("Sort Apps by Last Deployment"), picked: sort === "deployed", change: { sort: "deployed" } },
    { label: l10n.t("Sort Apps by Last Call from Here"), picked: sort === "called", change: { sort: "called" } },
    { label: l10n.t("Group Methods by Class"), picked: grouping === "class", change: { grouping: "class" } },
    { label: l10n.t("Show Methods Beside Functions"), picked: grouping === "flat", change: { grouping: "flat" } },
  ];
  const shown = items.map((item) => ({ ...item, description: item.picked ? "current" : "" }));
  const item = await vscode.window.showQuickPick(shown, {
    placeHolder: l10n.t("How should apps and functions stand?"),
  });
  if (item) await explorer.arrange(item.change);
}
