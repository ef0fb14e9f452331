import * as l10n from "@vscode/l10n";
import { agentTool } from "../agentTool.ts";
import { findCall, reportCall } from "../callReport.ts";
import { placeOfCall, placeProperties } from "../places.ts";

const DEFAULT_COUNT = 20;

export const getCall = agentTool({
  displayName: "Get Modal Function Call",
  referenceName: "modalCall",
  icon: "$(pulse)",
  userDescription: "Show the status and the results of a Modal function call",
  modelDescription:
    "Tells how a Modal function call stands and gives a page of its results: a result for each input, or the items of a generator. Long values " +
    "are cut with a note; ask for fewer results at once to see more of each. Does not wait for what is unfinished.",
  progress: () => l10n.t("Reading a Modal function call"),
  inputSchema: {
    type: "object",
    properties: {
      functionCallId: { type: "string", description: "The id of the function call, fc-…" },
      start: {
        type: "integer",
        minimum: 0,
        maximum: 1_000_000_000,
        description: "The first result of the page, from 0. Default: 0.",
      },
      count: { type: "integer", minimum: 1, maximum: 100, description: "How many results at most. Default: 20." },
      ...placeProperties,
    },
    required: ["functionCallId"],
  },
  run: async (services, input, signal) => {
    const { functionCallId, start = 0, count = DEFAULT_COUNT } = input;
    const modal = await services.targets.modal(await placeOfCall(services, input));
    return reportCall(await findCall(modal, functionCallId), { start, count }, signal);
  },
});
