import * as vscode from "vscode";
import { readSetting } from "../settings/readSetting.ts";
import type { FunctionResult, FunctionResults } from "./functionResults.ts";
import type { FunctionDeclaration } from "./functionScan.ts";
import type { ServedFunction } from "./namedFunction.ts";
import type { PythonFunctions } from "./pythonFunctions.ts";
import { resultHover } from "./resultHover.ts";
import { resultLine } from "./resultLine.ts";

/** Shows what the last call of a function gave, after the line that ends its signature and in a hover there. */
export class InlineResults implements vscode.HoverProvider, vscode.Disposable {
  readonly #results: FunctionResults;
  readonly #functions: PythonFunctions;
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 2em" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #disposables: vscode.Disposable[];
  /** One at a time, so that the last one to end has seen the last change. */
  #drawing: Promise<void> = Promise.resolve();
  #isDrawDue = false;

  constructor(results: FunctionResults, functions: PythonFunctions) {
    this.#results = results;
    this.#functions = functions;
    this.#disposables = [
      this.#decoration,
      new vscode.Disposable(results.onChange(() => this.#draw())),
      vscode.languages.registerHoverProvider({ language: "python" }, this),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#results.hasAny && document.languageId === "python") this.#draw();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("spawnpoint.inlineResults")) this.#draw();
      }),
    ];
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!this.#results.hasAny) return undefined;
    for (const [declaration, result] of await this.#shownIn(document)) {
      const signature = new vscode.Range(
        document.positionAt(declaration.nameFrom),
        endOfSignature(document, declaration),
      );
      if (!signature.contains(position)) continue;
      const text = await resultHover(declaration.functionName, result);
      return token.isCancellationRequested ? undefined : new vscode.Hover(text, signature);
    }
    return undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #draw(): void {
    if (this.#isDrawDue) return;
    this.#isDrawDue = true;
    this.#drawing = this.#drawing.then(async () => {
      this.#isDrawDue = false;
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document.languageId === "python") await this.#drawIn(editor);
      }
    });
  }

  async #drawIn(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const isOn = readSetting("spawnpoint.inlineResults", document);
    const { version } = document;
    const shown = isOn && this.#results.hasAny ? await this.#shownIn(document) : [];
    if (document.version !== version) return; // Somebody types: it is drawn again after that.
    editor.setDecorations(
      this.#decoration,
      shown.map(([declaration, result]) => {
        const end = endOfSignature(document, declaration);
        return { range: new vscode.Range(end, end), renderOptions: { after: inlineText(result) } };
      }),
    );
  }

  async #shownIn(document: vscode.TextDocument): Promise<[FunctionDeclaration, FunctionResult][]> {
    const declarations = await this.#functions.of(document);
    const text = document.getText();
    const shown = await Promise.all(
      declarations.map(async (declaration): Promise<[FunctionDeclaration, FunctionResult] | undefined> => {
        const result = await this.#results.of(declaration, sourceText(text, declaration));
        return result && [declaration, result];
      }),
    );
    return shown.filter((entry) => entry !== undefined);
  }
}

/** The text of a function as it stands in an editor now. */
export async function openSource(functions: PythonFunctions, owner: ServedFunction): Promise<string | undefined> {
  const found = await functions.find(owner);
  return found && sourceText(found.document.getText(), found.declaration);
}

function sourceText(text: string, { from, to }: FunctionDeclaration): string {
  return text.slice(from, to);
}

function endOfSignature(document: vscode.TextDocument, { signatureTo }: FunctionDeclaration): vscode.Position {
  return document.lineAt(document.positionAt(signatureTo).line).range.end;
}

function inlineText(result: FunctionResult): vscode.ThemableDecorationAttachmentRenderOptions {
  return {
    contentText: resultLine(result),
    color: new vscode.ThemeColor(result.isFailure ? "editorError.foreground" : "editorCodeLens.foreground"),
  };
}
