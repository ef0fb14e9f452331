import * as l10n from "@vscode/l10n";
import { agentTool } from "../agentTool.ts";
import { placeInWords, placeOfCall, placeProperties } from "../places.ts";

export const cancelCall = agentTool({
  displayName: "Cancel Modal Function Call",
  referenceName: "cancelModalCall",
  icon: "$(circle-slash)",
  userDescription: "Cancel a Modal function call",
  modelDescription: "Cancels all unfinished inputs of a Modal function call, and the calls that they made.",
  progress: () => l10n.t("Cancelling a Modal function call"),
  inputSchema: {
    type: "object",
    properties: {
      functionCallId: { type: "string", description: "The id of the function call, fc-…" },
      terminateContainers: {
        type: "boolean",
        description:
          "Also ends the containers that run its inputs, for a function that does not react. Default: false.",
      },
      ...placeProperties,
    },
    required: ["functionCallId"],
  },
  confirm: async (services, input) => {
    const place = await placeOfCall(services, input);
    const where = await placeInWords(services, place);
    const name = services.history.find(input.functionCallId)?.functionName;
    const { functionCallId, terminateContainers } = input;
    return {
      title: name === undefined ? l10n.t("Cancel the function call?") : l10n.t`Cancel ${name}?`,
      message: terminateContainers
        ? l10n.t`All unfinished inputs of ${functionCallId} ${where} will be cancelled. The containers that run them are terminated too.`
        : l10n.t`All unfinished inputs of ${functionCallId} ${where} will be cancelled.`,
    };
  },
  run: async (services, input) => {
    const { functionCallId, terminateContainers = false } = input;
    const modal = await services.targets.modal(await placeOfCall(services, input));
    const call = modal.calls.fromId(functionCallId);
    await call.hydrate(); // Cancelling what is not there is no error on a server.
    await call.cancel({ terminateContainers });
    return `Cancelled the unfinished inputs of ${functionCallId}.`;
  },
});
