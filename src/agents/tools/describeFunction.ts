import * as l10n from "@vscode/l10n";
import { type FunctionSchema, InvalidError, type ModalFunction, type ParameterTypeInfo } from "../../client/index.ts";
import { agentTool } from "../agentTool.ts";
import { findFunction, functionProperties } from "../findFunction.ts";
import { placeOfInput, placeProperties } from "../places.ts";
import { cutWithNote, MAX_TEXT } from "../resultText.ts";

export const describeFunction = agentTool({
  displayName: "Describe Modal Function",
  referenceName: "modalFunction",
  icon: "$(symbol-function)",
  userDescription: "Show the parameters, the source and the state of a Modal function",
  modelDescription:
    "Describes a deployed Modal function: its parameters and return type, whether it is a generator or a web endpoint, its queue, " +
    "and, where the target knows it, its deployed source with docstring, file and line. Use this before calling a function.",
  progress: () => l10n.t("Describing a Modal function"),
  inputSchema: {
    type: "object",
    properties: { ...functionProperties, ...placeProperties },
    required: ["app", "function"],
  },
  run: async (services, input) => {
    const modal = await services.targets.modal(await placeOfInput(services, input));
    const fn = await findFunction(modal, input);
    const { backlog, numTotalRunners } = await fn.getCurrentStats();
    return [
      `${kindOf(fn)} of the app "${input.app}": ${input.function}${fn.schema ? signature(fn.schema) : ""}`,
      ...(fn.schema ? [] : ["The target does not know its parameters."]),
      ...(fn.webUrl ? [`It takes HTTP requests at ${fn.webUrl} and cannot be called.`] : []),
      `Queue: ${backlog} inputs wait, ${numTotalRunners} containers run.`,
      await sourceOf(fn),
    ].join("\n");
  },
});

function kindOf({ isGenerator, webUrl }: ModalFunction): string {
  if (webUrl) return "Web endpoint";
  return isGenerator ? "Generator function" : "Function";
}

function signature({ parameters, returnType }: FunctionSchema): string {
  const all = parameters.map(({ name, hasDefault, type }) => `${name}: ${typeText(type)}${hasDefault ? " = …" : ""}`);
  return `(${all.join(", ")}) -> ${typeText(returnType)}`;
}

function typeText({ base, sub }: ParameterTypeInfo): string {
  if (base === "unknown") return "Any";
  if (base === "none") return "None";
  return sub.length === 0 ? base : `${base}[${sub.map(typeText).join(", ")}]`;
}

async function sourceOf(fn: ModalFunction): Promise<string> {
  try {
    const { path, line, text } = await fn.getRawF();
    return `Source, ${path}:${line}\n${cutWithNote(text, MAX_TEXT)}`;
  } catch (error) {
    if (error instanceof InvalidError) return "The target does not tell where the function is defined.";
    throw error;
  }
}
