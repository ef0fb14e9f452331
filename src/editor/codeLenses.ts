import * as vscode from "vscode";
import type { CallHistory } from "../calls/callHistory.ts";
import type { CallWatches } from "../calls/callWatches.ts";
import type { TargetList } from "../targets/targetList.ts";
import type { FunctionDeclaration } from "./functionScan.ts";
import { LastCalls } from "./lastCalls.ts";
import { lastCallTitle, lastCallTooltip } from "./lastCallText.ts";
import { lensCommands } from "./lensCommands.ts";
import type { PythonFunctions } from "./pythonFunctions.ts";

/** News of calls may be many a second, and each moves the text of the editor a little. */
const REFRESH_MS = 500;

/** What the lenses need to know of the window. */
export interface LensSurroundings {
  readonly functions: PythonFunctions;
  readonly history: CallHistory;
  readonly watches: CallWatches;
  readonly targets: TargetList;
}

/** Above every Modal function of a Python file: what can be done with it, and how its last call stands. */
export class FunctionLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #functions: PythonFunctions;
  readonly #lastCalls: LastCalls;
  readonly #shown = new Map<vscode.TextDocument, readonly FunctionDeclaration[]>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  #refresh: NodeJS.Timeout | undefined;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor({ functions, history, watches, targets }: LensSurroundings) {
    this.#functions = functions;
    const isRunning = (targetId: string) => {
      return targets.all.some(({ id, state }) => id === targetId && state.status === "running");
    };
    this.#lastCalls = new LastCalls({ history, watches, isRunning, onChange: () => this.#refreshSoon() });
    this.#disposables = [
      this.#changed,
      vscode.languages.registerCodeLensProvider({ language: "python", scheme: "file" }, this),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#forgetHidden()),
      new vscode.Disposable(targets.onChange(() => this.#readTargets())),
      new vscode.Disposable(() => this.#lastCalls.close()),
      new vscode.Disposable(() => clearTimeout(this.#refresh)),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted) return [];
    const declarations = await this.#functions.of(document);
    this.#shown.set(document, declarations);
    this.#showLastCalls();
    return declarations.flatMap((declaration) => {
      const start = document.positionAt(declaration.from);
      const commands = [...lensCommands(document.uri.fsPath, declaration), ...this.#lastCall(declaration)];
      return commands.map((command) => new vscode.CodeLens(new vscode.Range(start, start), command));
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #lastCall(declaration: FunctionDeclaration): vscode.Command[] {
    const last = declaration.kind === "function" ? this.#lastCalls.of(declaration) : undefined;
    if (!last) return [];
    const { record, isFollowed } = last;
    const { functionCallId, targetId, environmentName } = record;
    return [
      {
        title: lastCallTitle(record, isFollowed),
        command: "spawnpoint.showCall",
        arguments: [{ functionCallId, targetId, environmentName }],
        tooltip: lastCallTooltip(record),
      },
    ];
  }

  #readTargets(): void {
    this.#lastCalls.update();
    this.#refreshSoon();
  }

  #forgetHidden(): void {
    const visible = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    for (const document of this.#shown.keys()) if (!visible.has(document)) this.#shown.delete(document);
    this.#showLastCalls();
  }

  #showLastCalls(): void {
    this.#lastCalls.show([...this.#shown.values()].flat());
  }

  #refreshSoon(): void {
    if (this.#shown.size === 0) return;
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      this.#changed.fire();
    }, REFRESH_MS);
  }
}
