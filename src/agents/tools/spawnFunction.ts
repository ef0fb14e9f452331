import * as l10n from "@vscode/l10n";
import { agentTool } from "../agentTool.ts";
import { functionProperties } from "../findFunction.ts";
import { placeProperties } from "../places.ts";
import { argumentProperties, confirmCall, startCall } from "../startCall.ts";

export const spawnFunction = agentTool({
  displayName: "Spawn Modal Function",
  referenceName: "spawnModalFunction",
  icon: "$(rocket)",
  userDescription: "Call a Modal function without waiting for its result",
  modelDescription:
    "Calls a deployed Modal function and does not wait: for what runs long. Gives the id of the function call; read its status and result " +
    "with spawnpoint_get_call, and what it prints with spawnpoint_read_logs.",
  progress: () => l10n.t("Spawning a Modal function"),
  inputSchema: {
    type: "object",
    properties: { ...functionProperties, ...argumentProperties, ...placeProperties },
    required: ["app", "function"],
  },
  confirm: (services, input) => {
    const { args = [], kwargs = {} } = input;
    return confirmCall(services, input, l10n.t`Spawn ${input.function}?`, { args, kwargs });
  },
  run: async (services, input) => {
    const { call } = await startCall(services, input, "spawn", (fn) => fn.spawn(input.args, input.kwargs));
    return `Spawned ${input.function}: function call ${call.functionCallId}.`;
  },
});
