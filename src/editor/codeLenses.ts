import * as vscode from "vscode";
import { mayHaveFunctions, scanFunctions } from "./functionScan.ts";
import type { PythonTree } from "./pythonTree.ts";

/** What a CodeLens hands to its command. */
interface LensArgument {
  /** The file to deploy first. */
  readonly path: string;
  readonly appName: string | undefined;
  readonly functionName: string;
}

/** *Run · Spawn · Map* above every Modal function of a Python file. Parses a file once and then only what is edited. */
export class FunctionLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #trees = new WeakMap<vscode.TextDocument, PythonTree>();
  readonly #disposables: vscode.Disposable[];

  constructor() {
    this.#disposables = [
      vscode.languages.registerCodeLensProvider({ language: "python", scheme: "file" }, this),
      vscode.workspace.onDidChangeTextDocument((event) => this.#edit(event)),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted || !mayHaveFunctions(document.getText())) return [];
    const { text, tree } = await this.#treeOf(document);
    return scanFunctions(text, tree).flatMap(({ kind, appName, functionName, from }) => {
      if (kind !== "function") return [];
      const start = document.positionAt(from);
      const argument: LensArgument = { path: document.uri.fsPath, appName, functionName };
      return commandsFor(argument).map((command) => new vscode.CodeLens(new vscode.Range(start, start), command));
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #treeOf(document: vscode.TextDocument): Promise<PythonTree> {
    const { PythonTree } = await import("./pythonTree.ts");
    const known = this.#trees.get(document);
    // A tree that missed a change must not be used, whatever the reason.
    const tree = known?.text === document.getText() ? known : new PythonTree(document.getText());
    this.#trees.set(document, tree);
    return tree;
  }

  #edit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => {
      return { offset: rangeOffset, length: rangeLength, text };
    });
    this.#trees.get(document)?.edit(changes);
  }
}

function commandsFor(argument: LensArgument): vscode.Command[] {
  return [
    {
      title: "$(play) Run",
      command: "spawnpoint.run",
      arguments: [argument],
      tooltip: "Deploy this file, call the function and show its result",
    },
    {
      title: "Spawn",
      command: "spawnpoint.spawn",
      arguments: [argument],
      tooltip: "Deploy this file and call the function without waiting",
    },
    {
      title: "Map",
      command: "spawnpoint.map",
      arguments: [argument],
      tooltip: "Deploy this file and call the function once per input",
    },
  ];
}
