import { fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type ClassHandleMetadataSchema,
  ClassParameterSetSchema,
  type ClassParameterValue,
  type FunctionOptions as OptionsMessage,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { ClassDefinition, FunctionDefinition, FunctionOptions, ParameterValue } from "../../deploy/definition.ts";
import { retriesFromMessage } from "../../deploy/functionMessage.ts";
import type { House, ModalHandlers } from "../house.ts";
import { bindFunction } from "./bindFunction.ts";
import { functionMetadata } from "./functionMetadata.ts";
import { functionNamed } from "./functions.ts";

/** The handlers of classes, and of functions with arguments or options of their own. */
export function classHandlers(house: House): ModalHandlers<"classGet" | "functionBindParams"> {
  return {
    classGet: ({ appName, objectTag, environmentName }) => {
      const { functionId, appId, definition } = functionNamed(house, appName, `${objectTag}.*`, environmentName);
      return { classId: classIdOf(functionId), handleMetadata: classMetadata(house, functionId, appId, definition) };
    },

    functionBindParams: async ({ functionId, serializedParams, functionOptions }) => {
      const { app, definition } = house.deployments.launchOf(functionId);
      const boundFunctionId = await bindFunction(house, functionId, {
        ...instanceArguments(definition, serializedParams),
        options: functionOptions ? changedOptions(functionOptions) : {},
      });
      return { boundFunctionId, handleMetadata: functionMetadata(house, app.id, definition) };
    },
  };
}

/** A class has no id of its own here: it is its one function. */
export function classIdOf(functionId: string): string {
  return functionId.replace(/^fu-/, "cs-");
}

/** What a client needs to know of a class: all of it is told by its function. */
export function classMetadata(
  house: House,
  functionId: string,
  appId: string,
  definition: FunctionDefinition,
): MessageInitShape<typeof ClassHandleMetadataSchema> {
  return { classFunctionId: functionId, classFunctionMetadata: functionMetadata(house, appId, definition) };
}

function instanceArguments({ cls }: FunctionDefinition, serialized: Uint8Array) {
  if (cls?.parameter_format !== "typed") return { parameters: [], pickled: serialized };
  return { parameters: parameterSet(cls, serialized).map(parameterValue), pickled: new Uint8Array() };
}

function parameterSet({ name }: ClassDefinition, serialized: Uint8Array): ClassParameterValue[] {
  try {
    return fromBinary(ClassParameterSetSchema, serialized).parameters;
  } catch (cause) {
    const message = `The parameters of ${name} could not be read; they must be a ClassParameterSet.`;
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, message, { cause });
  }
}

function parameterValue({ name, valueOneof }: ClassParameterValue): ParameterValue {
  switch (valueOneof.case) {
    case "stringValue":
      return { name, type: "str", value: valueOneof.value };
    case "intValue":
      return { name, type: "int", value: String(valueOneof.value) };
    case "boolValue":
      return { name, type: "bool", value: valueOneof.value };
    case "bytesValue":
      return { name, type: "bytes", value: Buffer.from(valueOneof.value).toString("base64") };
    default:
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `The parameter ${name} has no value of a known type.`);
  }
}

function changedOptions(message: OptionsMessage): FunctionOptions {
  const { timeoutSecs, retryPolicy, warmPoolSize, concurrencyLimit, bufferContainers, taskIdleTimeoutSecs } = message;
  const { maxConcurrentInputs, targetConcurrentInputs, batchMaxSize, batchLingerMs } = message;
  return {
    ...(timeoutSecs !== undefined && { timeout_s: timeoutSecs }),
    ...(retryPolicy && { retries: retriesFromMessage(retryPolicy) }),
    ...(warmPoolSize !== undefined && { min_containers: warmPoolSize }),
    ...(concurrencyLimit !== undefined && { max_containers: concurrencyLimit }),
    ...(bufferContainers !== undefined && { buffer_containers: bufferContainers }),
    ...(taskIdleTimeoutSecs !== undefined && { scaledown_window_s: taskIdleTimeoutSecs }),
    ...(maxConcurrentInputs !== undefined && { max_concurrent_inputs: maxConcurrentInputs }),
    ...(targetConcurrentInputs !== undefined && { target_concurrent_inputs: targetConcurrentInputs }),
    ...(batchMaxSize !== undefined && { batch_max_size: batchMaxSize }),
    ...(batchLingerMs !== undefined && { batch_wait_ms: Number(batchLingerMs) }),
  };
}
