import { stripVTControlCharacters } from "node:util";
import * as l10n from "@vscode/l10n";
import type { LogEntry, ModalClient } from "../../client/index.ts";
import { InputError } from "../../inputs/inputError.ts";
import { agentTool } from "../agentTool.ts";
import { findAppId, listedFunction } from "../findFunction.ts";
import { placeOfCall, placeOfInput, placeProperties } from "../places.ts";
import { endWithNote, MAX_TEXT } from "../resultText.ts";

const DEFAULT_LIMIT = 100;

/** Which logs a model may ask for. */
interface LogsInput {
  readonly functionCallId?: string;
  readonly app?: string;
  readonly function?: string;
  readonly containerId?: string;
}

export const readLogs = agentTool({
  displayName: "Read Modal Logs",
  referenceName: "modalLogs",
  icon: "$(output)",
  userDescription: "Read what Modal functions print",
  modelDescription:
    "Reads the last log entries of a Modal function call, or of an app, one of its functions or one of its containers: what user code " +
    "printed, oldest first. Name either functionCallId or app.",
  progress: () => l10n.t("Reading Modal logs"),
  inputSchema: {
    type: "object",
    properties: {
      functionCallId: { type: "string", description: "Only what the inputs of this function call printed, fc-…" },
      app: { type: "string", description: "The name of an app." },
      function: { type: "string", description: "With app: only this function of it." },
      containerId: { type: "string", description: "With app: only this container of it, ta-…" },
      limit: { type: "integer", minimum: 1, maximum: 1_000, description: "How many entries at most. Default: 100." },
      sinceMinutes: {
        type: "integer",
        minimum: 1,
        maximum: 40_000,
        description: "Only entries of the last so many minutes. Default: as far back as there are some.",
      },
      search: { type: "string", description: "Only entries with this text in them. Default: all." },
      ...placeProperties,
    },
    required: [],
  },
  run: async (services, input, signal) => {
    const { functionCallId, limit = DEFAULT_LIMIT, sinceMinutes, search } = input;
    const place = functionCallId
      ? await placeOfCall(services, { ...input, functionCallId })
      : await placeOfInput(services, input);
    const modal = await services.targets.modal(place);
    const since = sinceMinutes === undefined ? undefined : Date.now() - sinceMinutes * 60_000;
    const entries = await modal.logs.tail({
      ...(await whichLogs(modal, input)),
      limit,
      since,
      searchText: search,
      signal,
    });
    if (entries.length === 0) return "There are no such log entries.";
    const note = entries.length === limit ? `[The last ${limit} entries; there may be older ones.]\n` : "";
    return note + endWithNote(entries.map(entryText).join(""), MAX_TEXT);
  },
});

async function whichLogs(modal: ModalClient, { functionCallId, app, function: name, containerId }: LogsInput) {
  if (functionCallId !== undefined) {
    const { appId } = await modal.calls.fromId(functionCallId).hydrate();
    return { appId, functionCallId };
  }
  if (app === undefined) throw new InputError('Give "functionCallId", or "app", to say whose logs to read.');
  const appId = await findAppId(modal, app);
  const functionId = name === undefined ? undefined : (await listedFunction(modal, { app, function: name })).functionId;
  return { appId, functionId, taskId: containerId };
}

/** Time and source, so that a model can tell them apart; without the escape sequences of terminals. */
function entryText({ at, source, text }: LogEntry): string {
  const plain = stripVTControlCharacters(text);
  return `${new Date(at).toISOString()} ${source}: ${plain.endsWith("\n") ? plain : `${plain}\n`}`;
}
