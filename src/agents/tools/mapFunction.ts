import * as l10n from "@vscode/l10n";
import { InputError } from "../../inputs/inputError.ts";
import { valuesAsInputs } from "../../inputs/mapInputs.ts";
import { agentTool } from "../agentTool.ts";
import { functionProperties } from "../findFunction.ts";
import { placeProperties } from "../places.ts";
import { confirmCall, parameterProperties, startCall } from "../startCall.ts";

export const mapFunction = agentTool({
  displayName: "Map Modal Function",
  referenceName: "mapModalFunction",
  icon: "$(layers)",
  userDescription: "Call a Modal function once for each of many inputs",
  modelDescription:
    "Calls a deployed Modal function once for each input, in parallel, and does not wait for the results. Gives the id of the function " +
    "call; read its status and results page by page with spawnpoint_get_call.",
  progress: () => l10n.t("Mapping a Modal function"),
  inputSchema: {
    type: "object",
    properties: {
      ...functionProperties,
      inputs: { type: "array", description: "One item for each input: the function's only positional argument." },
      spread: {
        type: "boolean",
        description: "Whether each item of inputs is an array of positional arguments instead. Default: false.",
      },
      kwargs: { type: "object", description: "Keyword arguments of every input, by name. Default: none." },
      ...parameterProperties,
      ...placeProperties,
    },
    required: ["app", "function", "inputs"],
  },
  confirm: async (services, input) => {
    const { inputs, kwargs = {} } = input;
    const shown = inputs.slice(0, 10);
    const confirmation = await confirmCall(services, input, l10n.t`Map ${input.function}?`, { inputs: shown, kwargs });
    const count =
      shown.length < inputs.length
        ? l10n.t`There are ${inputs.length} inputs, the first ${shown.length} of which are shown.`
        : l10n.t`There are ${inputs.length} inputs.`;
    return { ...confirmation, message: `${confirmation.message} ${count}` };
  },
  run: async (services, input, signal) => {
    const { inputs, spread = false, kwargs = {} } = input;
    if (inputs.length === 0) throw new InputError('"inputs" is empty; give at least one item.');
    const { rows } = valuesAsInputs(inputs, spread ? "list" : "value");
    const { call } = await startCall(services, input, "map", (fn) => fn.spawnMap(rows, { kwargs, signal }));
    return `Mapped ${input.function} over ${inputs.length} inputs: function call ${call.functionCallId}.`;
  },
});
