import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { durationText } from "../calls/durationText.ts";
import { cutText } from "../calls/results/textPreview.ts";
import type { FunctionResult } from "./functionResults.ts";

/** More would make VS Code cut the hover where it likes. */
const MAX_CHARACTERS = 5_000;
/** What a hover may run: showing, and nothing else. */
const COMMANDS = ["spawnpoint.showCall", "spawnpoint.showPythonOutput"];

/** What a function gave, or its traceback, and the way to the call. Nothing of the value is taken as Markdown. */
export async function resultHover(functionName: string, result: FunctionResult): Promise<vscode.MarkdownString> {
  const hover = new vscode.MarkdownString("", true);
  hover.isTrusted = { enabledCommands: COMMANDS };
  const duration = durationText(result.durationMs);
  hover.appendText(
    result.isFailure ? l10n.t`${functionName} failed in ${duration}` : l10n.t`${functionName} finished in ${duration}`,
  );
  const details = await detailsOf(result);
  if (result.isFailure) hover.appendCodeblock(endOf(details), "text");
  else hover.appendCodeblock(cutText(details, MAX_CHARACTERS), "json");
  hover.appendMarkdown(
    result.call ? callLink(result.call) : `[${l10n.t("Show Output")}](command:spawnpoint.showPythonOutput)`,
  );
  return hover;
}

/** Where a traceback says what happened. */
function endOf(traceback: string): string {
  return traceback.length > MAX_CHARACTERS ? `…${traceback.slice(1 - MAX_CHARACTERS)}` : traceback;
}

/** What is known already will do when the call's server does not answer. */
async function detailsOf(result: FunctionResult): Promise<string> {
  try {
    return (await result.details()) || result.preview;
  } catch {
    return result.preview;
  }
}

function callLink({ functionCallId, targetId, environmentName }: NonNullable<FunctionResult["call"]>): string {
  const argument = encodeURIComponent(JSON.stringify([{ functionCallId, targetId, environmentName }]))
    .replaceAll("(", "%28")
    .replaceAll(")", "%29"); // Which would end the link.
  return `[${l10n.t("Show Call")}](command:spawnpoint.showCall?${argument})`;
}
