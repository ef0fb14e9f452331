import {
  type GenericPayloadType,
  ParameterType,
  type FunctionSchema as SchemaMessage,
} from "../../proto/gen/modal_pb.js";

/** A type as the server knows it from the annotations of the Python function. `unknown` for everything that is not listed. */
export interface ParameterTypeInfo {
  readonly base: "str" | "int" | "float" | "bool" | "bytes" | "list" | "dict" | "none" | "unknown";
  /** The type arguments of a list or dict. */
  readonly sub: readonly ParameterTypeInfo[];
}

/** What a function takes and returns. Default values are not known to the server, only that there are some. */
export interface FunctionSchema {
  readonly parameters: readonly {
    readonly name: string;
    readonly hasDefault: boolean;
    readonly type: ParameterTypeInfo;
  }[];
  readonly returnType: ParameterTypeInfo;
}

const BASES: Partial<Record<ParameterType, ParameterTypeInfo["base"]>> = {
  [ParameterType.PARAM_TYPE_STRING]: "str",
  [ParameterType.PARAM_TYPE_INT]: "int",
  [ParameterType.PARAM_TYPE_BYTES]: "bytes",
  [ParameterType.PARAM_TYPE_LIST]: "list",
  [ParameterType.PARAM_TYPE_DICT]: "dict",
  [ParameterType.PARAM_TYPE_NONE]: "none",
  [ParameterType.PARAM_TYPE_BOOL]: "bool",
};

/** Reads the schema of a function's handle. */
export function functionSchema(message: SchemaMessage): FunctionSchema {
  return {
    parameters: message.arguments.map(({ name, hasDefault, fullType }) => ({
      name,
      hasDefault,
      type: typeInfo(fullType),
    })),
    returnType: typeInfo(message.returnType),
  };
}

/** The name of a type. */
export function typeName(type: ParameterType): ParameterTypeInfo["base"] {
  return BASES[type] ?? "unknown";
}

function typeInfo(type: GenericPayloadType | undefined): ParameterTypeInfo {
  return { base: type ? typeName(type.baseType) : "unknown", sub: type?.subTypes.map(typeInfo) ?? [] };
}
