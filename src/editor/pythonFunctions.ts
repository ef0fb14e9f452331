import * as vscode from "vscode";
import { type FunctionDeclaration, mayHaveFunctions, scanFunctions } from "./functionScan.ts";
import { isNamed, type ServedFunction } from "./namedFunction.ts";
import type { PythonTree } from "./pythonTree.ts";

/** A function in a document. */
export interface OpenFunction {
  readonly document: vscode.TextDocument;
  readonly declaration: FunctionDeclaration;
}

/** The Modal functions of the Python files that are open. Parses a file once and then only what is edited; the parser is loaded with the first. */
export class PythonFunctions implements vscode.Disposable {
  readonly #trees = new WeakMap<vscode.TextDocument, PythonTree>();
  readonly #found = new WeakMap<
    PythonTree,
    { readonly text: string; readonly found: readonly FunctionDeclaration[] }
  >();
  readonly #editing: vscode.Disposable;

  constructor() {
    this.#editing = vscode.workspace.onDidChangeTextDocument((event) => this.#edit(event));
  }

  /** From the top of the file, as its text is now. */
  async of(document: vscode.TextDocument): Promise<readonly FunctionDeclaration[]> {
    if (document.languageId !== "python" || !mayHaveFunctions(document.getText())) return [];
    const tree = await this.#treeOf(document);
    const known = this.#found.get(tree);
    if (known?.text === tree.text) return known.found;
    const found = scanFunctions(tree.text, tree.tree);
    this.#found.set(tree, { text: tree.text, found });
    return found;
  }

  /** Where a function that a server knows stands in a document that is open. */
  async find(owner: ServedFunction): Promise<OpenFunction | undefined> {
    for (const document of vscode.workspace.textDocuments) {
      const declaration = (await this.of(document)).find((candidate) => isNamed(owner, candidate));
      if (declaration) return { document, declaration };
    }
    return undefined;
  }

  dispose(): void {
    this.#editing.dispose();
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
