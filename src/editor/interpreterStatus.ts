import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Interpreters } from "../interpreter/interpreters.ts";
import type { PythonFunctions } from "./pythonFunctions.ts";

/** Shows, at the language of a Python file with Modal functions, which interpreter runs them. Other files start no Python. */
export class InterpreterStatus implements vscode.Disposable {
  readonly #interpreters: Interpreters;
  readonly #functions: PythonFunctions;
  readonly #disposables: readonly vscode.Disposable[];
  #item: vscode.LanguageStatusItem | undefined;
  #round = 0;

  constructor(interpreters: Interpreters, functions: PythonFunctions) {
    this.#interpreters = interpreters;
    this.#functions = functions;
    this.#disposables = [
      vscode.window.onDidChangeActiveTextEditor(() => this.#draw()),
      vscode.workspace.onDidSaveTextDocument(() => this.#draw()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#draw()),
      new vscode.Disposable(interpreters.onChange(() => void this.#draw())),
    ];
    void this.#draw();
  }

  dispose(): void {
    this.#item?.dispose();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #draw(): Promise<void> {
    const round = ++this.#round;
    const document = vscode.window.activeTextEditor?.document;
    if (!vscode.workspace.isTrusted || document?.uri.scheme !== "file") return;
    if ((await this.#functions.of(document)).length === 0) return;
    const shown = await this.#describe(document.uri);
    if (round === this.#round) this.#show(shown);
  }

  async #describe(file: vscode.Uri): Promise<Shown> {
    try {
      const { version, path, source } = await this.#interpreters.of(file);
      const detail = l10n.t`${path} (from ${source})`;
      return { text: l10n.t`Modal functions run with Python ${version}`, detail, isProblem: false };
    } catch (error) {
      return { text: l10n.t("No Python for Modal functions"), detail: messageOf(error), isProblem: true };
    }
  }

  #show({ text, detail, isProblem }: Shown): void {
    this.#item ??= vscode.languages.createLanguageStatusItem("spawnpoint.interpreter", {
      language: "python",
      scheme: "file",
    });
    this.#item.name = l10n.t("Spawnpoint Interpreter");
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = isProblem ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    this.#item.command = { command: "spawnpoint.selectInterpreter", title: l10n.t("Select Interpreter") };
  }
}

interface Shown {
  readonly text: string;
  readonly detail: string;
  readonly isProblem: boolean;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
