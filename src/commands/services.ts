import type * as vscode from "vscode";
import type { CallHistory } from "../calls/callHistory.ts";
import type { CallWatches } from "../calls/callWatches.ts";
import type { DeployDiagnostics } from "../editor/deployDiagnostics.ts";
import type { FunctionResults } from "../editor/functionResults.ts";
import type { PythonFunctions } from "../editor/pythonFunctions.ts";
import type { PythonOutput } from "../editor/pythonOutput.ts";
import type { ExplorerTree } from "../explorer/explorerTree.ts";
import type { Interpreters } from "../interpreter/interpreters.ts";
import type { CallPanels } from "../panel/callPanels.ts";
import type { ComparePanels } from "../panel/comparePanels.ts";
import type { LogsView } from "../panel/logsView.ts";
import type { TargetList } from "../targets/targetList.ts";

/** What commands work with. */
export interface Services {
  readonly targets: TargetList;
  readonly history: CallHistory;
  readonly watches: CallWatches;
  readonly panels: CallPanels;
  readonly comparisons: ComparePanels;
  readonly logs: LogsView;
  readonly explorer: ExplorerTree;
  /** Which Python runs a file. */
  readonly interpreters: Interpreters;
  readonly diagnostics: DeployDiagnostics;
  /** The Modal functions of files that are open. */
  readonly functions: PythonFunctions;
  /** What calls from this window gave, as editors show it. */
  readonly results: FunctionResults;
  /** Where *Run in Python* writes to. */
  readonly output: PythonOutput;
  readonly log: vscode.LogOutputChannel;
  /** Small values of this workspace, e.g. the arguments that were typed last. */
  readonly memory: vscode.Memento;
  /** Tokens that were typed by hand. */
  readonly secrets: vscode.SecretStorage;
  readonly extensionUri: vscode.Uri;
  /** A folder for files of all workspaces. */
  readonly storageUri: vscode.Uri;
}
