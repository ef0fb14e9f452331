import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallWatch } from "../calls/callWatch.ts";
import type { CallAction, ResultAction } from "./messages.ts";
import type { PanelActions } from "./panelHost.ts";

/** What the actions of a panel need to know of the window. */
export interface ActionSurroundings {
  /** For files that are made to be looked at. */
  readonly storageUri: vscode.Uri;
  readonly reportError: (error: unknown) => void;
}

/** What the page of a call may have done: mostly commands. What only some users want is loaded then. */
export function callActions(
  watch: CallWatch,
  record: CallRecord,
  { storageUri, reportError }: ActionSurroundings,
): PanelActions {
  const { functionCallId, targetId, environmentName } = record;
  const run = (command: string, argument: object) => vscode.commands.executeCommand(`spawnpoint.${command}`, argument);
  const onCall: Readonly<Record<CallAction, () => PromiseLike<unknown>>> = {
    runAgain: () => run("runAgain", { functionCallId }),
    runFailedInputsAgain: () => run("runFailedInputsAgain", { functionCallId }),
    copyId: () => vscode.env.clipboard.writeText(functionCallId),
    exportResults: async () => (await import("./exportResults.ts")).exportResults(watch),
  };
  const onResult: Readonly<Record<ResultAction, (index: number) => PromiseLike<unknown>>> = {
    openInEditor: async (index) => (await import("./openResult.ts")).openResult(watch, index, storageUri),
    copy: async (index) => (await import("./openResult.ts")).copyResult(watch, index),
    save: async (index) => (await import("./saveResult.ts")).saveResult(watch, index),
  };
  return {
    cancel: ({ terminateContainers }) =>
      void run(terminateContainers ? "terminateCall" : "cancelCall", { functionCallId }),
    actOnCall: (action, id) => void run(action, { functionCallId: id, targetId, environmentName }),
    openFile: (path, line) => {
      void import("./openFrame.ts").then(({ openFrame }) => openFrame(path, line)).catch(reportError);
    },
    act: (action) => void onCall[action]().then(undefined, reportError),
    actOnResult: (action, index) => void onResult[action](index).then(undefined, reportError),
  };
}
