import { parseArguments } from "./callArguments.ts";
import { InputError } from "./inputError.ts";
import { inputText } from "./inputText.ts";
import { parseInputValue } from "./inputValue.ts";

/** A type as Modal's schema has it, e.g. `list` of `int`. */
export interface FieldType {
  readonly base: string;
  readonly sub: readonly FieldType[];
}

/** A parameter of a function or a class, for which a value can be typed. */
export interface InputField {
  readonly name: string;
  readonly type: FieldType;
  readonly hasDefault: boolean;
  /** Undefined where it is not known, as of a function's parameters. */
  readonly default?: unknown;
}

/** Values by the names of their fields; what has none is left to its default. */
export type FieldValues = Readonly<Record<string, unknown>>;

interface TypeRule {
  /** What the user is told to give. */
  readonly description: string;
  fits(value: unknown, sub: readonly FieldType[]): boolean;
}

const RULES: Readonly<Record<string, TypeRule>> = {
  str: { description: "text", fits: (value) => typeof value === "string" },
  int: {
    description: "a whole number, such as 7",
    fits: (value) => typeof value === "bigint" || Number.isInteger(value),
  },
  float: { description: "a number, such as 0.5", fits: (value) => ["number", "bigint"].includes(typeof value) },
  bool: { description: "true or false", fits: (value) => typeof value === "boolean" },
  bytes: { description: 'bytes as Python has them, such as b"abc"', fits: (value) => value instanceof Uint8Array },
  list: {
    description: "a list, such as [1, 2]",
    fits: (value, [item]) => Array.isArray(value) && value.every((member) => !item || fits(member, item)),
  },
  dict: {
    description: 'a dictionary, such as {"name": 1}',
    fits: (value, [, item]) =>
      isDictionary(value) && Object.values(value).every((member) => !item || fits(member, item)),
  },
  none: { description: "null", fits: (value) => value === null },
};

const ANYTHING: TypeRule = { description: "a value, as JSON or as Python has it", fits: () => true };

/** What to type for a field, as a part of a sentence. */
export function describeField({ type }: InputField): string {
  const { description } = ruleOf(type);
  return type.sub.length > 0 ? `${description}, of the type ${typeText(type)}` : description;
}

/**
 * Reads what was typed for a field: text as it is, everything else as JSON or as a Python literal.
 *
 * @returns undefined for nothing, where there is a default
 * @throws InputError when the value is not of the field's type, or missing
 */
export function parseField(field: InputField, text: string): unknown {
  if (text.trim() === "" && field.hasDefault) return undefined;
  if (field.type.base === "str") return text;
  if (text.trim() === "") throw new InputError(`${field.name} is needed: give ${describeField(field)}.`);
  return checked(field, parseInputValue(text));
}

/** What would have to be typed for a value. */
export function fieldText({ type }: InputField, value: unknown): string {
  if (value === undefined) return "";
  return type.base === "str" && typeof value === "string" ? value : inputText(value);
}

/** The fields that have neither a value nor a default. */
export function missingFields(fields: readonly InputField[], values: FieldValues): InputField[] {
  return fields.filter(({ name, hasDefault }) => !hasDefault && values[name] === undefined);
}

/** The values that arguments give to fields, as far as they are of their types: a list in the order of the fields, a dictionary by name. */
export function fieldValues(fields: readonly InputField[], text: string): FieldValues {
  try {
    const { args, kwargs } = parseArguments(text);
    const given = fields.map(
      (field, index) => [field, index < args.length ? args[index] : kwargs[field.name]] as const,
    );
    const fitting = given.filter(([{ type }, value]) => value !== undefined && fits(value, type));
    return Object.fromEntries(fitting.map(([{ name }, value]) => [name, value]));
  } catch {
    return {}; // What was typed long ago, or for another version of the function, need not be readable now.
  }
}

/** As Python writes it. */
export function typeText({ base, sub }: FieldType): string {
  return sub.length === 0 ? base : `${base}[${sub.map(typeText).join(", ")}]`;
}

function checked(field: InputField, value: unknown): unknown {
  if (fits(value, field.type)) return value;
  throw new InputError(`${field.name} takes ${describeField(field)}.`);
}

function fits(value: unknown, type: FieldType): boolean {
  return ruleOf(type).fits(value, type.sub);
}

function ruleOf({ base }: FieldType): TypeRule {
  return RULES[base] ?? ANYTHING;
}

function isDictionary(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}
