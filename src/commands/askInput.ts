import * as vscode from "vscode";
import { type FunctionSchema, namedFunction, type ParameterTypeInfo } from "../client/index.ts";
import { parseArguments } from "../inputs/callArguments.ts";
import { parseMapInputs } from "../inputs/mapInputs.ts";
import type { FunctionChoice } from "./chooseFunction.ts";
import type { Services } from "./services.ts";

/** Asks for the arguments of one call. Undefined when the user gives up; empty for a function that takes none, without asking. */
export async function askArguments(services: Services, choice: FunctionChoice): Promise<string | undefined> {
  const schema = await schemaOf(services, choice);
  if (schema?.parameters.length === 0) return "";
  return ask(services, `arguments:${choice.appName}/${choice.functionName}`, {
    title: `Arguments of ${signature(choice, schema)}`,
    prompt: "A list of arguments, or keyword arguments in braces, as JSON or as Python has it. Empty for none.",
    placeHolder: '[1, "two"] or {"name": "value"}',
    validateInput: (text) => problemOf(() => parseArguments(text)),
  });
}

/** Asks for the inputs of a map as text. */
export async function askMapInputs(services: Services, choice: FunctionChoice): Promise<string | undefined> {
  const schema = await schemaOf(services, choice);
  return ask(services, `inputs:${choice.appName}/${choice.functionName}`, {
    title: `Inputs of ${signature(choice, schema)}`,
    prompt: "A list with an item per input, or a range such as 0..99. A * in front spreads each item into arguments.",
    placeHolder: '["a", "b"], 0..99, range(100) or *[[1, 2], [3, 4]]',
    validateInput: (text) => problemOf(() => parseMapInputs(text)),
  });
}

/** What was typed last for the same function is there again. */
async function ask({ memory }: Services, key: string, options: vscode.InputBoxOptions): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    ...options,
    value: memory.get<string>(key, ""),
    ignoreFocusOut: true,
  });
  if (text !== undefined) await memory.update(key, text);
  return text;
}

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function schemaOf({ targets }: Services, choice: FunctionChoice) {
  const modal = await targets.modal(choice);
  return (await namedFunction(modal, choice.appName, choice.functionName).hydrate()).schema;
}

/** E.g. `count(text: str, limit: int = …)`. */
function signature({ functionName }: FunctionChoice, schema: FunctionSchema | undefined): string {
  const parameters = schema?.parameters.map(({ name, type, hasDefault }) => {
    const annotation = type.base === "unknown" ? "" : `: ${typeText(type)}`;
    return `${name}${annotation}${hasDefault ? " = …" : ""}`;
  });
  return parameters ? `${functionName}(${parameters.join(", ")})` : functionName;
}

function typeText({ base, sub }: ParameterTypeInfo): string {
  return sub.length === 0 ? base : `${base}[${sub.map(typeText).join(", ")}]`;
}
