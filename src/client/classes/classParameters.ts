import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  ClassParameterSetSchema,
  type ClassParameterSpec,
  type ClassParameterValueSchema,
  ParameterType,
} from "../../proto/gen/modal_pb.js";
import { InvalidError } from "../errors.ts";
import { type ParameterTypeInfo, typeName } from "../functions/functionSchema.ts";

/** Values for the parameters of a class, by name: strings, numbers or bigints for `int`, booleans, and bytes. */
export type ClassParameters = Readonly<Record<string, unknown>>;

/** A parameter that a class declares with `modal.parameter()`, or that its `__init__` takes. */
export interface ClassParameter {
  readonly name: string;
  /** Of a declared parameter `str`, `int`, `bool` or `bytes`; `unknown` for a type that this client does not know. */
  readonly type: ParameterTypeInfo["base"];
  readonly hasDefault: boolean;
  /** Undefined when there is none, or the server does not tell it. An `int` is a number where that is exact, else a bigint. */
  readonly default: string | number | bigint | boolean | Uint8Array | undefined;
}

type ValueOneof = NonNullable<MessageInitShape<typeof ClassParameterValueSchema>["valueOneof"]>;

/** How one type is written, and undefined for a value that is not of it. */
interface Codec {
  readonly name: string;
  readonly article: "a" | "an" | "";
  encode(value: unknown): ValueOneof | undefined;
}

const codecs: Partial<Record<ParameterType, Codec>> = {
  [ParameterType.PARAM_TYPE_STRING]: {
    name: "str",
    article: "a",
    encode: (value) => (typeof value === "string" ? { case: "stringValue", value } : undefined),
  },
  [ParameterType.PARAM_TYPE_INT]: {
    name: "int",
    article: "an",
    encode: (value) => {
      const integer = integerFrom(value);
      return integer === undefined ? undefined : { case: "intValue", value: integer };
    },
  },
  [ParameterType.PARAM_TYPE_BOOL]: {
    name: "bool",
    article: "a",
    encode: (value) => (typeof value === "boolean" ? { case: "boolValue", value } : undefined),
  },
  [ParameterType.PARAM_TYPE_BYTES]: {
    name: "bytes",
    article: "",
    encode: (value) => (value instanceof Uint8Array ? { case: "bytesValue", value } : undefined),
  },
};

/** Reads the schema of a class's handle. */
export function classParameters(schema: readonly ClassParameterSpec[]): ClassParameter[] {
  return schema.map((spec) => {
    const { name, hasDefault } = spec;
    return { name, type: typeName(typeOf(spec)), hasDefault, default: defaultOf(spec) };
  });
}

/**
 * Serializes parameters in the order of their names, with the declared defaults in the place of those that are not given, so that
 * the same values are the same bytes (`py/modal/_serialization.py`).
 *
 * @throws InvalidError for unknown and missing parameters, and values of another type
 */
export function encodeParameters(
  className: string,
  schema: readonly ClassParameterSpec[],
  given: ClassParameters,
): Uint8Array {
  const known = new Set(schema.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue;
    const names = [...known].join(", ") || "none";
    throw new InvalidError(`${className} has no parameter "${name}"; it has: ${names}.`);
  }
  const parameters = schema.map((spec) => parameterValue(className, spec, given[spec.name]));
  parameters.sort((a, b) => (a.name < b.name ? -1 : 1));
  return toBinary(ClassParameterSetSchema, create(ClassParameterSetSchema, { parameters }));
}

function parameterValue(className: string, spec: ClassParameterSpec, given: unknown) {
  const { name } = spec;
  const type = typeOf(spec);
  const codec = codecs[type];
  if (!codec) {
    throw new InvalidError(`The parameter "${name}" of ${className} is of a type that this client cannot send.`);
  }
  const value = given === undefined ? defaultOf(spec) : given;
  const what = `${codec.article} ${codec.name}`.trim();
  if (value === undefined) throw new InvalidError(`${className} needs a value for its parameter "${name}", ${what}.`);
  const valueOneof = codec.encode(value);
  if (valueOneof) return { name, type, valueOneof };
  throw new InvalidError(`The parameter "${name}" of ${className} is ${what}, which ${described(value)} is not.`);
}

/** Servers before `full_type` say it in `type`. */
function typeOf({ type, fullType }: ClassParameterSpec): ParameterType {
  return fullType?.baseType || type;
}

function defaultOf({ hasDefault, defaultOneof }: ClassParameterSpec): ClassParameter["default"] {
  if (!hasDefault || defaultOneof.case === undefined || defaultOneof.case === "pickleDefault") return undefined;
  const { value } = defaultOneof;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The wire has 64 bits. */
function integerFrom(value: unknown): bigint | undefined {
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  const integer = isWhole ? BigInt(value as bigint | number) : undefined;
  return integer !== undefined && BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
