import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  DataFormat,
  type FunctionHandleMetadataSchema,
  type FunctionSchemaSchema,
  Function_FunctionType as FunctionType,
  type GenericPayloadTypeSchema,
  ParameterType,
  FunctionSchema_FunctionSchemaType as SchemaType,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { FunctionDefinition, TypeDefinition } from "../deploy/definition.ts";
import { MAX_OBJECT_BYTES } from "../workers/worker.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

/** The handlers of functions. */
export function functionHandlers(
  house: House,
): ModalHandlers<"functionGet" | "functionGetById" | "functionGetCurrentStats"> {
  const { store, scheduler, deployments } = house;
  return {
    functionGet: ({ appName, objectTag, environmentName }) => {
      const { functionId, appId, definition } = functionNamed(house, appName, objectTag, environmentName);
      return { functionId, handleMetadata: functionMetadata(appId, definition) };
    },

    functionGetById: ({ functionId }) => {
      const { app, definition } = deployments.launchOf(functionId);
      return { handleMetadata: functionMetadata(app.id, definition) };
    },

    functionGetCurrentStats: ({ functionId }) => {
      if (!store.apps.function(functionId)) {
        throw new RpcError(RpcStatus.NOT_FOUND, `There is no function ${functionId} here.`);
      }
      return scheduler.stats(functionId);
    },
  };
}

/** @throws RpcError NOT_FOUND with what there is instead */
export function functionNamed({ store }: House, appName: string, name: string, environmentName: string) {
  const environment = environmentNamed(environmentName);
  const app = store.apps.deployed(environment, appName);
  if (!app) {
    const names = store.apps.list(environment).flatMap((other) => (other.stoppedAt === undefined ? [other.name] : []));
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `No app named ${appName} is deployed in the environment ${environment}; ${listed("deployed", names)}.`,
    );
  }
  const definition = app.definition.functions.find((candidate) => candidate.name === name);
  const record = store.apps.functions(app.appId).find((candidate) => candidate.name === name);
  if (!definition || !record) {
    const names = app.definition.functions.map((candidate) => candidate.name);
    throw new RpcError(RpcStatus.NOT_FOUND, `The app ${appName} has no function ${name}; ${listed("it has", names)}.`);
  }
  return { functionId: record.functionId, appId: app.appId, definition };
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? `${what}: nothing` : `${what}: ${names.join(", ")}`;
}

/** What a client needs to know of a function before it calls it. */
export function functionMetadata(
  appId: string,
  definition: FunctionDefinition,
): MessageInitShape<typeof FunctionHandleMetadataSchema> {
  const formats = [DataFormat.PICKLE, DataFormat.CBOR];
  return {
    functionName: definition.name,
    functionType: definition.is_generator ? FunctionType.GENERATOR : FunctionType.FUNCTION,
    appId,
    functionSchema: functionSchema(definition),
    supportedInputFormats: formats,
    supportedOutputFormats: definition.is_generator ? [...formats, DataFormat.GENERATOR_DONE] : formats,
    maxObjectSizeBytes: BigInt(MAX_OBJECT_BYTES),
    maxAsyncObjectSizeBytes: BigInt(MAX_OBJECT_BYTES),
  };
}

/** Parameters by name; `*args` and `**kwargs` have no place in Modal's schema. */
function functionSchema(definition: FunctionDefinition): MessageInitShape<typeof FunctionSchemaSchema> {
  const named = definition.parameters.filter(({ kind }) => kind === "positional" || kind === "keyword");
  return {
    schemaType: SchemaType.FUNCTION_SCHEMA_V1,
    arguments: named.map(({ name, has_default, type }) => ({
      name,
      hasDefault: has_default,
      fullType: payloadType(type),
    })),
    returnType: payloadType(definition.return_type ?? { base: "unknown" }),
  };
}

const parameterTypes: Readonly<Record<TypeDefinition["base"], ParameterType>> = {
  str: ParameterType.PARAM_TYPE_STRING,
  int: ParameterType.PARAM_TYPE_INT,
  float: ParameterType.PARAM_TYPE_UNKNOWN, // Modal's schema has no word for it (protocol 3.1).
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
