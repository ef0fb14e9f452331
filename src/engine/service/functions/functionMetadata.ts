import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type ClassParameterInfoSchema,
  type ClassParameterSpecSchema,
  DataFormat,
  type FunctionHandleMetadataSchema,
  type FunctionSchemaSchema,
  Function_FunctionType as FunctionType,
  type GenericPayloadTypeSchema,
  ClassParameterInfo_ParameterSerializationFormat as ParameterFormat,
  ParameterType,
  FunctionSchema_FunctionSchemaType as SchemaType,
} from "../../../proto/gen/modal_pb.js";
import type {
  CallableDefinition,
  ClassDefinition,
  ClassParameterDefinition,
  FunctionDefinition,
  ParameterDefinition,
  ParameterValue,
  TypeDefinition,
} from "../../deploy/definition.ts";
import type { House } from "../house.ts";

/** Arguments up to this size come in the message itself: checksums and a second request would cost more. Messages end at 100 MiB. */
const MAX_ARGUMENT_BYTES = 64 * 1024 * 1024;

/** What a client needs to know of a function before it calls it. */
export function functionMetadata(
  house: House,
  appId: string,
  definition: FunctionDefinition,
): MessageInitShape<typeof FunctionHandleMetadataSchema> {
  const { cls, definition_id: definitionId = "" } = definition;
  const place = { appId, definitionId, ...inputPlane(house) };
  const webUrl = (name: string) => house.web.url(appId, name) ?? "";
  if (cls) return classMetadata(place, cls, webUrl);
  return { ...callableMetadata(place, definition), webUrl: webUrl(definition.name) };
}

/** Where a function is called. */
type Place = Pick<
  MessageInitShape<typeof FunctionHandleMetadataSchema>,
  "appId" | "definitionId" | "inputPlaneUrl" | "inputPlaneRegion"
>;

function inputPlane(house: House): Place {
  const inputPlaneUrl = house.inputPlaneUrl();
  return inputPlaneUrl === undefined ? {} : { inputPlaneUrl, inputPlaneRegion: "local" };
}

/** The function of a class: what differs from method to method is in their own metadata. */
function classMetadata(
  place: Place,
  cls: ClassDefinition,
  webUrl: (name: string) => string,
): MessageInitShape<typeof FunctionHandleMetadataSchema> {
  const methods = cls.methods.map((method) => [
    method.name,
    {
      ...callableMetadata(place, method),
      functionName: `${cls.name}.${method.name}`,
      isMethod: true,
      useMethodName: method.name,
      webUrl: webUrl(`${cls.name}.${method.name}`),
    },
  ]);
  return {
    functionName: `${cls.name}.*`,
    functionType: FunctionType.FUNCTION,
    ...place,
    classParameterInfo: parameterInfo(cls),
    methodHandleMetadata: Object.fromEntries(methods),
  };
}

function parameterInfo(cls: ClassDefinition): MessageInitShape<typeof ClassParameterInfoSchema> {
  if (cls.parameter_format === "pickle") {
    // Modal's servers say nothing of these, and its clients do not look: an `__init__` is given pickled arguments.
    const schema = (cls.constructor_parameters ?? []).map((parameter) => ({
      ...argumentSpec(parameter),
      ...(parameter.default && { defaultOneof: defaultOf(parameter.default) }),
    }));
    return { format: ParameterFormat.PARAM_SERIALIZATION_FORMAT_PICKLE, schema };
  }
  return { format: ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO, schema: cls.parameters.map(parameterSpec) };
}

function parameterSpec(parameter: ClassParameterDefinition): MessageInitShape<typeof ClassParameterSpecSchema> {
  const { name, type } = parameter;
  const baseType = parameterTypes[type];
  return {
    name,
    type: baseType,
    fullType: { baseType },
    hasDefault: parameter.default !== null,
    ...(parameter.default && { defaultOneof: defaultOf(parameter.default) }),
  };
}

function defaultOf({ type, value }: ParameterValue) {
  switch (type) {
    case "str":
      return { case: "stringDefault" as const, value };
    case "int":
      return { case: "intDefault" as const, value: BigInt(value) };
    case "bool":
      return { case: "boolDefault" as const, value };
    case "bytes":
      return { case: "bytesDefault" as const, value: Buffer.from(value, "base64") };
  }
}

function callableMetadata(
  place: Place,
  definition: CallableDefinition,
): MessageInitShape<typeof FunctionHandleMetadataSchema> {
  const formats = [DataFormat.PICKLE, DataFormat.CBOR];
  return {
    functionName: definition.name,
    functionType: definition.is_generator ? FunctionType.GENERATOR : FunctionType.FUNCTION,
    ...place,
    functionSchema: functionSchema(definition),
    supportedInputFormats: formats,
    supportedOutputFormats: definition.is_generator ? [...formats, DataFormat.GENERATOR_DONE] : formats,
    maxObjectSizeBytes: BigInt(MAX_ARGUMENT_BYTES),
    maxAsyncObjectSizeBytes: BigInt(MAX_ARGUMENT_BYTES),
  };
}

/** Parameters by name; `*args` and `**kwargs` have no place in Modal's schema. */
function functionSchema(definition: CallableDefinition): MessageInitShape<typeof FunctionSchemaSchema> {
  const named = definition.parameters.filter(({ kind }) => kind === "positional" || kind === "keyword");
  return {
    schemaType: SchemaType.FUNCTION_SCHEMA_V1,
    arguments: named.map(argumentSpec),
    returnType: payloadType(definition.return_type ?? { base: "unknown" }),
  };
}

function argumentSpec({
  name,
  has_default,
  type,
  positional_only = false,
}: Pick<ParameterDefinition, "name" | "has_default" | "type" | "positional_only">): MessageInitShape<
  typeof ClassParameterSpecSchema
> {
  return { name, hasDefault: has_default, fullType: payloadType(type), positionalOnly: positional_only };
}

const parameterTypes: Readonly<Record<TypeDefinition["base"], ParameterType>> = {
  str: ParameterType.PARAM_TYPE_STRING,
  int: ParameterType.PARAM_TYPE_INT,
  float: ParameterType.PARAM_TYPE_UNKNOWN, // Modal's schema has no word for it.
  bool: ParameterType.PARAM_TYPE_BOOL,
  bytes: ParameterType.PARAM_TYPE_BYTES,
  list: ParameterType.PARAM_TYPE_LIST,
  dict: ParameterType.PARAM_TYPE_DICT,
  none: ParameterType.PARAM_TYPE_NONE,
  unknown: ParameterType.PARAM_TYPE_UNKNOWN,
};

function payloadType({ base, sub }: TypeDefinition): MessageInitShape<typeof GenericPayloadTypeSchema> {
  return { baseType: parameterTypes[base], subTypes: (sub ?? []).map(payloadType) };
}
