import { InputError } from "../inputs/inputError.ts";

/** What one property of a tool's input may be, as JSON schema says it. */
type PropertySchema = { readonly description: string } & (
  | { readonly type: "string" | "boolean" | "array" | "object" }
  | { readonly type: "integer"; readonly minimum: number; readonly maximum: number }
);

/** What a tool takes, as JSON schema says it: always an object. */
export interface InputSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
}

interface Values {
  readonly string: string;
  readonly boolean: boolean;
  readonly array: readonly unknown[];
  readonly object: Readonly<Record<string, unknown>>;
  readonly integer: number;
}

type ValueOf<
  Schema extends InputSchema,
  Name extends keyof Schema["properties"],
> = Values[Schema["properties"][Name]["type"]];

/** The type of an input that fits a schema. */
export type InputOf<Schema extends InputSchema> = {
  readonly [Name in keyof Schema["properties"] & Schema["required"][number]]: ValueOf<Schema, Name>;
} & {
  readonly [Name in Exclude<keyof Schema["properties"], Schema["required"][number]>]?: ValueOf<Schema, Name>;
};

/**
 * Looks whether an input fits. VS Code does so too, but tells the model less.
 *
 * @throws InputError names the property that is wrong, and what is allowed
 */
export function checkedInput<Schema extends InputSchema>(schema: Schema, input: unknown): InputOf<Schema> {
  if (!isPlainObject(input)) throw new InputError(`The input must be a JSON object with ${listed(schema)}.`);
  for (const name of schema.required) {
    if (input[name] === undefined) throw new InputError(`"${name}" is missing; the input has ${listed(schema)}.`);
  }
  for (const [name, value] of Object.entries(input)) {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!property) throw new InputError(`There is no "${name}"; the input has ${listed(schema)}.`);
    if (!fits(property, value)) throw new InputError(`"${name}" must be ${allowed(property)}.`);
  }
  return input as InputOf<Schema>;
}

function fits(property: PropertySchema, value: unknown): boolean {
  switch (property.type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isPlainObject(value);
    case "integer":
      return Number.isInteger(value) && Number(value) >= property.minimum && Number(value) <= property.maximum;
    default:
      return typeof value === property.type;
  }
}

function allowed(property: PropertySchema): string {
  if (property.type === "integer") return `an integer from ${property.minimum} to ${property.maximum}`;
  return property.type === "array" || property.type === "object"
    ? `an ${property.type}, not text that holds one`
    : `a ${property.type}`;
}

function listed({ properties, required }: InputSchema): string {
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? `"${name}"` : `"${name}" (optional)`))
    .join(", ");
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
