import * as vscode from "vscode";
import type { PythonFunctions } from "./pythonFunctions.ts";

const KEY = "spawnpoint.hasFunctions";

/** Tells menus whether the editor in front has functions of Modal: as `spawnpoint.hasFunctions` in their `when` clauses. */
export class FunctionsContext implements vscode.Disposable {
  readonly #functions: PythonFunctions;
  readonly #disposables: readonly vscode.Disposable[];
  #said = false;

  constructor(functions: PythonFunctions) {
    this.#functions = functions;
    this.#disposables = [
      vscode.window.onDidChangeActiveTextEditor(() => this.#look()),
      vscode.workspace.onDidSaveTextDocument(() => this.#look()),
    ];
    void this.#look();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #look(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const hasFunctions = document !== undefined && (await this.#functions.of(document)).length > 0;
    if (document !== vscode.window.activeTextEditor?.document || hasFunctions === this.#said) return;
    this.#said = hasFunctions;
    await vscode.commands.executeCommand("setContext", KEY, hasFunctions);
  }
}
