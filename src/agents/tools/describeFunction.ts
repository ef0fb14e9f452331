import * as l10n from "@vscode/l10n";
import { valuePreview } from "../../calls/results/valueText.ts";
import {
  type AppFunction,
  type ClassParameter,
  type FunctionSchema,
  InvalidError,
  type ModalClient,
  type ModalFunction,
  type ParameterTypeInfo,
} from "../../client/index.ts";
import { agentTool } from "../agentTool.ts";
import { type FunctionInput, functionProperties, listedFunction } from "../findFunction.ts";
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
    const fn = await listedFunction(modal, input);
    const { schema, parameters } = await signatureOf(modal, input);
    const served = modal.functions.fromId(fn.functionId);
    const { backlog, numTotalRunners } = await served.getCurrentStats();
    return [
      `${kindOf(fn)} of the app "${input.app}": ${input.function}${schema ? signatureText(schema) : ""}`,
      ...(schema ? [] : ["The target does not know its parameters."]),
      ...(parameters.length > 0 ? [`The parameters of its class: ${parameters.map(parameterText).join(", ")}`] : []),
      ...(fn.webUrl ? [`It takes HTTP requests at ${fn.webUrl} and cannot be called.`] : []),
      `Queue: ${backlog} inputs wait, ${numTotalRunners} containers run.`,
      await sourceOf(served),
    ].join("\n");
  },
});

interface Signature {
  /** Undefined where the target does not say. */
  readonly schema: FunctionSchema | undefined;
  /** Of the class of a method. */
  readonly parameters: readonly ClassParameter[];
}

/** Of a method the class is asked, so that no instance is made. */
async function signatureOf(modal: ModalClient, { app, function: name }: FunctionInput): Promise<Signature> {
  const [className = "", method] = name.split(".");
  if (method === undefined) {
    const { schema } = await modal.functions.fromName(app, name).hydrate();
    return { schema, parameters: [] };
  }
  const cls = await modal.classes.fromName(app, className).hydrate();
  return { schema: cls.schemaOf(method), parameters: cls.parameters };
}

function kindOf({ isGenerator, webUrl }: AppFunction): string {
  if (webUrl) return "Web endpoint";
  return isGenerator ? "Generator function" : "Function";
}

function signatureText({ parameters, returnType }: FunctionSchema): string {
  const all = parameters.map(({ name, hasDefault, type }) => `${name}: ${typeText(type)}${hasDefault ? " = …" : ""}`);
  return `(${all.join(", ")}) -> ${typeText(returnType)}`;
}

function parameterText({ name, type, hasDefault, default: value }: ClassParameter): string {
  const annotation = type === "unknown" ? "" : `: ${type}`;
  return `${name}${annotation}${hasDefault ? ` = ${valuePreview(value)}` : ""}`;
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
