import * as l10n from "@vscode/l10n";
import { agentTool } from "../agentTool.ts";
import { finishedWithin, reportCall } from "../callReport.ts";
import { functionProperties } from "../findFunction.ts";
import { placeProperties } from "../places.ts";
import { argumentProperties, confirmCall, startCall } from "../startCall.ts";

const DEFAULT_TIMEOUT_SECONDS = 60;
const MAX_ITEMS = 50;

export const callFunction = agentTool({
  displayName: "Call Modal Function",
  referenceName: "callModalFunction",
  icon: "$(play)",
  userDescription: "Call a Modal function and wait for its result",
  modelDescription:
    "Calls a deployed Modal function and waits for its result; of a generator, its first items. Runs the code as it was deployed, which may " +
    "be older than the file in the editor. When the time is over the call goes on, and its id is given for spawnpoint_get_call.",
  progress: () => l10n.t("Calling a Modal function"),
  inputSchema: {
    type: "object",
    properties: {
      ...functionProperties,
      ...argumentProperties,
      timeoutSeconds: {
        type: "integer",
        minimum: 1,
        maximum: 600,
        description: "How long to wait for the result. Default: 60.",
      },
      ...placeProperties,
    },
    required: ["app", "function"],
  },
  confirm: (services, input) => {
    const { args = [], kwargs = {} } = input;
    return confirmCall(services, input, l10n.t`Call ${input.function}?`, { args, kwargs });
  },
  run: async (services, input, signal) => {
    const { args, kwargs, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = input;
    signal.throwIfAborted();
    const { fn, call } = await startCall(services, input, "run", (it) => it.spawn(args, kwargs));
    try {
      const finished = await finishedWithin(call, timeoutSeconds * 1_000, signal);
      if (!finished) {
        return `The call goes on after ${timeoutSeconds} seconds; ask spawnpoint_get_call for ${call.functionCallId} later, or cancel it.`;
      }
    } catch (error) {
      // Nobody waits for it any more, as for Modal's `remote`.
      if (signal.aborted) await call.cancel();
      throw error;
    }
    const reported = { call, functionName: input.function, isGenerator: fn.isGenerator };
    return reportCall(reported, { start: 0, count: fn.isGenerator ? MAX_ITEMS : 1 }, signal);
  },
});
