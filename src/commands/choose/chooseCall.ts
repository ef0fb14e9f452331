import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../../calls/callRecord.ts";
import { describeCall } from "../../calls/describeCall.ts";
import { describeCounts } from "../../calls/inputCounts.ts";
import { listCalls, updateHistory } from "../../calls/listedCall.ts";
import { placeOf, textProperty } from "../argument.ts";
import type { Services } from "../services.ts";

/** What is known of a call: from the history, otherwise from the target. */
export async function recordOf(
  { history, targets }: Pick<Services, "history" | "targets">,
  functionCallId: string,
  targetId = targets.current.targetId,
): Promise<CallRecord> {
  const known = history.find(functionCallId);
  if (known) return known;
  const target = await targets.find(targetId);
  return describeCall(await target.modal(), functionCallId, target);
}

interface WantedCall {
  readonly unfinishedOnly: boolean;
  /** What the user is asked. */
  readonly question?: string;
}

/**
 * Which call a command is for: the one that it was given, otherwise the user picks one of this workspace, or types an id.
 *
 * @param argument `{ functionCallId }` or anything else
 */
export async function chooseCall(
  services: Services,
  argument: unknown,
  wanted: WantedCall,
): Promise<CallRecord | undefined> {
  const id = textProperty(argument, "functionCallId") ?? (await pickCall(services, wanted));
  return id ? recordOf(services, id, placeOf(services, argument).targetId) : undefined;
}

async function pickCall(
  { history, targets }: Services,
  { unfinishedOnly, question = l10n.t("Which call?") }: WantedCall,
): Promise<string | undefined> {
  await updateHistory(history, async (record) => listCalls(await targets.modal(record), record));
  const records = history.records.filter((record) => !unfinishedOnly || record.finishedAt === undefined);
  const items = records.map((record) => ({
    label: `$(${record.finishedAt === undefined ? "sync" : "pass"}) ${record.functionName}`,
    description: `${record.appName} · ${record.kind}`,
    detail: [new Date(record.createdAt).toLocaleString(), record.counts && describeCounts(record.counts)]
      .filter(Boolean)
      .join(" · "),
    id: record.functionCallId,
  }));
  const byId = { label: l10n.t("$(key) Enter the id of a call…"), description: "", detail: "", id: "" };
  const item = await vscode.window.showQuickPick([...items, byId], {
    placeHolder: question,
    matchOnDescription: true,
    ignoreFocusOut: true, // A call panel that had the focus takes it back while the palette closes.
  });
  if (item !== byId) return item?.id;
  return vscode.window.showInputBox({
    title: l10n.t("Id of a function call"),
    placeHolder: "fc-…",
    validateInput: (text) =>
      text.startsWith("fc-") ? undefined : l10n.t("The id of a function call begins with fc-."),
  });
}
