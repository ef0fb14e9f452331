import { InputError } from "./inputError.ts";
import type { FieldType, FieldValues, InputField } from "./inputField.ts";
import { indentedText, inputText } from "./inputText.ts";
import { parseInputValue } from "./inputValue.ts";

/** Inputs that are kept as a file: the arguments of one call, or the inputs of a map. Nothing secret belongs there. */
export interface InputDocument {
  readonly args: readonly unknown[];
  readonly kwargs: FieldValues;
  /** Of the class of a method. */
  readonly parameters: FieldValues;
  /** One item per input of a map; undefined for one call. */
  readonly inputs: readonly unknown[] | undefined;
  /** Whether each of `inputs` is a list of arguments. */
  readonly star: boolean;
}

const MEMBERS = ["$schema", "args", "kwargs", "parameters", "inputs", "star"];

/**
 * Reads a file of inputs: one object with `args`, `kwargs` and `parameters`, or with `inputs`.
 *
 * @throws InputError when it is something else
 */
export function parseInputDocument(text: string): InputDocument {
  const members = dictionary(parseInputValue(text), "A file of inputs");
  const unknown = Object.keys(members).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`A file of inputs has no "${unknown}"; it has args, kwargs, parameters, inputs and star.`);
  }
  const { args = [], kwargs = {}, parameters = {}, inputs, star = false } = members;
  if (!Array.isArray(args)) throw new InputError("args must be a list of arguments.");
  if (inputs !== undefined && !Array.isArray(inputs))
    throw new InputError("inputs must be a list with an item per input.");
  return {
    args,
    kwargs: dictionary(kwargs, "kwargs"),
    parameters: dictionary(parameters, "parameters"),
    inputs,
    star: star === true,
  };
}

/** The text of a file of inputs for one call. Its types are told by a schema beside it, which {@link inputSchema} makes. */
export function inputDocumentText(kwargs: FieldValues, parameters: FieldValues, schemaName: string): string {
  const hasParameters = Object.keys(parameters).length > 0;
  return `${indentedText({ $schema: `./${schemaName}`, kwargs, ...(hasParameters && { parameters }) })}\n`;
}

/** What the commands that call functions take, to call one as a file says. Texts, where they can say it, for texts are remembered. */
export function documentArguments({ args, kwargs, parameters, inputs, star }: InputDocument): FieldValues {
  const hasKwargs = Object.keys(kwargs).length > 0;
  const parametersText = Object.keys(parameters).length > 0 ? { parametersText: inputText(parameters) } : {};
  if (inputs && hasKwargs) return { inputs, star, kwargs, parameters };
  if (inputs) return { inputText: `${star ? "*" : ""}${inputText(inputs)}`, ...parametersText };
  if (args.length > 0 && hasKwargs) return { args, kwargs, parameters };
  const given = args.length > 0 ? args : kwargs;
  return { inputText: args.length > 0 || hasKwargs ? inputText(given) : "", ...parametersText };
}

/** Values to begin a file with: those that are given, as far as JSON has them, and something of its type for what is needed. */
export function startingValues(fields: readonly InputField[], values: FieldValues): FieldValues {
  const shown = fields.filter(({ name, hasDefault }) => !hasDefault || isJson(values[name]));
  return Object.fromEntries(shown.map(({ name, type }) => [name, isJson(values[name]) ? values[name] : emptyOf(type)]));
}

/** The JSON schema of the files of inputs of one function. */
export function inputSchema(
  title: string,
  fields: readonly InputField[] | undefined,
  parameters: readonly InputField[],
): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    type: "object",
    properties: {
      $schema: { type: "string" },
      args: { type: "array", description: "Arguments in their order." },
      kwargs: { ...objectSchema(fields, false), description: "Arguments by their names." },
      parameters: { ...objectSchema(parameters, true), description: "Parameters of the class." },
      inputs: { type: "array", minItems: 1, description: "Inputs of a map, instead of args and kwargs." },
      star: { type: "boolean", description: "Whether each of the inputs is a list of arguments." },
    },
    additionalProperties: false,
  };
}

function objectSchema(fields: readonly InputField[] | undefined, isComplete: boolean): object {
  if (!fields) return { type: "object" };
  const properties = Object.fromEntries(fields.map(({ name, type }) => [name, typeSchema(type)]));
  // Some of the function's arguments may be in `args`.
  const required = isComplete ? fields.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name) : [];
  return { type: "object", properties, required, additionalProperties: false };
}

function typeSchema({ base, sub }: FieldType): object {
  const [first, second] = sub;
  switch (base) {
    case "str":
      return { type: "string" };
    case "int":
      return { type: "integer" };
    case "float":
      return { type: "number" };
    case "bool":
      return { type: "boolean" };
    case "none":
      return { type: "null" };
    case "list":
      return { type: "array", ...(first && { items: typeSchema(first) }) };
    case "dict":
      return { type: "object", ...(second && { additionalProperties: typeSchema(second) }) };
    default:
      return {};
  }
}

function dictionary(value: unknown, what: string): FieldValues {
  if (Object.prototype.toString.call(value) === "[object Object]") return value as FieldValues;
  throw new InputError(`${what} must be an object, such as {"name": 1}.`);
}

const EMPTY: FieldValues = { str: "", int: 0, float: 0, bool: false, list: [], dict: {} };

function emptyOf({ base }: FieldType): unknown {
  return EMPTY[base] ?? null;
}

function isJson(value: unknown): boolean {
  if (value === undefined || value instanceof Uint8Array || value instanceof Set) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isJson);
}
