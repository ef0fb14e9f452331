import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type AppLayout,
  AppLayoutSchema,
  ClassParameterSetSchema,
  type ClassParameterValueSchema,
  ContainerArgumentsSchema,
  type Function as FunctionMessage,
  ObjectSchema,
  ParameterType,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { INLINE_BYTES } from "../../proto/valueFiles.ts";
import type { FunctionDefinition, ParameterValue } from "../deploy/definition.ts";
import type { AppRecord, Binding } from "../store/appStore.ts";
import type { ContainerTask } from "../workers/modal/modalWorker.ts";
import type { WorkerLaunch } from "../workers/worker.ts";
import { appLayout } from "./apps/appLayout.ts";
import type { House } from "./house.ts";
import { volumeMetadata } from "./volumes.ts";

/**
 * What a container of Modal's own runtime is to run: the function as its client defined it, and the app around it (`ContainerArguments`).
 *
 * @throws RpcError NOT_FOUND when the function is not part of a live version, or was not defined by a client of Modal's
 */
export function containerTask(house: House, { taskId, functionId }: WorkerLaunch): ContainerTask {
  const { app, definition, binding } = house.deployments.find(functionId);
  const message = house.store.definitions.get(definition.definition_id ?? "")?.message;
  if (!message) throw new RpcError(RpcStatus.NOT_FOUND, `${definition.name} has no definition here; deploy it again.`);
  const task = create(ContainerArgumentsSchema, {
    taskId,
    functionId,
    appId: app.appId,
    environmentName: app.environment,
    functionDef: withOptions(message, definition),
    serializedParams: serializedParams(definition, binding),
    appLayout: layout(house, app, message),
  });
  return { arguments: toBinary(ContainerArgumentsSchema, task), home: house.mounts.root(app.definition.tree ?? "") };
}

/** Options that a variant of the function has changed are the container's to know as far as it keeps to them itself. */
function withOptions(message: FunctionMessage, { options }: FunctionDefinition): FunctionMessage {
  return {
    ...message,
    maxConcurrentInputs: options.max_concurrent_inputs ?? 0,
    targetConcurrentInputs: options.target_concurrent_inputs ?? 0,
    batchMaxSize: options.batch_max_size ?? 0,
    batchLingerMs: BigInt(options.batch_wait_ms ?? 0),
  };
}

/** The arguments of an instance of a class, as clients send them. */
function serializedParams({ cls }: FunctionDefinition, binding: Binding | undefined): Uint8Array {
  if (!cls || !binding) return new Uint8Array();
  if (cls.parameter_format === "pickle") return binding.pickled;
  const parameters = binding.parameters.map(parameterValue);
  return toBinary(ClassParameterSetSchema, create(ClassParameterSetSchema, { parameters }));
}

function parameterValue(parameter: ParameterValue): MessageInitShape<typeof ClassParameterValueSchema> {
  const { name, type, value } = parameter;
  switch (type) {
    case "str":
      return { name, type: ParameterType.PARAM_TYPE_STRING, valueOneof: { case: "stringValue", value } };
    case "int":
      return { name, type: ParameterType.PARAM_TYPE_INT, valueOneof: { case: "intValue", value: BigInt(value) } };
    case "bool":
      return { name, type: ParameterType.PARAM_TYPE_BOOL, valueOneof: { case: "boolValue", value } };
    case "bytes": {
      const bytes = Buffer.from(value, "base64");
      return { name, type: ParameterType.PARAM_TYPE_BYTES, valueOneof: { case: "bytesValue", value: bytes } };
    }
  }
}

/** The runtime looks for every function and class of the app there, and for every object that the function names. */
function layout(house: House, app: AppRecord, message: FunctionMessage): AppLayout {
  const all = create(AppLayoutSchema, appLayout(house, app));
  for (const { handleMetadataOneof } of all.objects) {
    if (handleMetadataOneof.case !== "functionHandleMetadata") continue;
    // A result that is larger goes as a blob: many outputs come in one message.
    handleMetadataOneof.value.maxObjectSizeBytes = BigInt(INLINE_BYTES);
    handleMetadataOneof.value.maxAsyncObjectSizeBytes = BigInt(INLINE_BYTES);
  }
  all.objects.push(...message.objectDependencies.map(({ objectId }) => dependency(house, objectId)));
  return all;
}

/** Of a volume the runtime wants to know which version it is, before code may use its files. */
function dependency({ store }: House, objectId: string) {
  const volume = store.objects.get("vo", objectId);
  if (!volume) return create(ObjectSchema, { objectId });
  const handleMetadataOneof = { case: "volumeMetadata" as const, value: volumeMetadata(volume) };
  return create(ObjectSchema, { objectId, handleMetadataOneof });
}
