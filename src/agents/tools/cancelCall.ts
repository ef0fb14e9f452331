import { agentTool } from "../agentTool.ts";
import { placeInWords, placeOfCall, placeProperties } from "../places.ts";

export const cancelCall = agentTool({
  displayName: "Cancel Modal Function Call",
  referenceName: "cancelModalCall",
  icon: "$(circle-slash)",
  userDescription: "Cancel a Modal function call",
  modelDescription: "Cancels all unfinished inputs of a Modal function call, and the calls that they made.",
  progress: "Cancelling a Modal function call",
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
    const where = (await placeInWords(services, place)).replace(", where it may cost money", "");
    const name = services.history.find(input.functionCallId)?.functionName;
    const containers = input.terminateContainers ? " The containers that run them are terminated too." : "";
    return {
      title: `Cancel ${name ?? "the function call"}?`,
      message: `All unfinished inputs of ${input.functionCallId} ${where} will be cancelled.${containers}`,
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
