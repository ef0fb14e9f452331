import {
  type ClassParameterSpec,
  type Function as FunctionMessage,
  type FunctionRetryPolicy,
  Function_FunctionType as FunctionType,
  type GenericPayloadType,
  type MethodDefinition,
  ClassParameterInfo_ParameterSerializationFormat as ParameterFormat,
  ParameterType,
  type FunctionSchema as Schema,
  type WebhookConfig,
  WebhookType,
} from "../../proto/gen/modal_pb.js";
import type {
  CallableDefinition,
  ClassDefinition,
  ClassParameterDefinition,
  FunctionDefinition,
  FunctionOptions,
  ParameterValue,
  RetriesDefinition,
  TypeDefinition,
  WebDefinition,
} from "./definition.ts";

/**
 * A function as its message says (`py/modal/_functions.py` makes it). Where it stands in its file is not among that.
 *
 * @param definitionId of the message
 */
export function definitionFromMessage(message: FunctionMessage, definitionId: string): FunctionDefinition {
  const { functionName, implementationName, functionType, functionSchema, webhookConfig } = message;
  const callable = callableDefinition(message, { functionName, functionType, functionSchema, webhookConfig });
  return {
    ...callable,
    qualname: implementationName || functionName,
    options: optionsFromMessage(message),
    ...(message.isClass && { cls: classDefinition(message) }),
    definition_id: definitionId,
  };
}

/** Modal's limit. */
const LONGEST_BATCH_WAIT_MS = 600_000;

/** The settings that the engine applies. What the message leaves out, or has as 0, is not set. */
export function optionsFromMessage(message: FunctionMessage): FunctionOptions {
  const { autoscalerSettings: settings, retryPolicy, resources } = message;
  const set = {
    timeout_s: message.timeoutSecs,
    startup_timeout_s: message.startupTimeoutSecs,
    min_containers: settings?.minContainers ?? message.warmPoolSize,
    max_containers: settings?.maxContainers ?? message.concurrencyLimit,
    buffer_containers: settings?.bufferContainers ?? message.ExperimentalBufferContainers,
    scaledown_window_s: settings?.scaledownWindow ?? message.taskIdleTimeoutSecs,
    max_concurrent_inputs: message.maxConcurrentInputs,
    target_concurrent_inputs: message.targetConcurrentInputs,
    batch_max_size: message.batchMaxSize,
    batch_wait_ms: Math.min(Number(message.batchLingerMs), LONGEST_BATCH_WAIT_MS),
    memory_limit_mib: resources?.memoryMbMax,
  };
  const retries = retryPolicy && { retries: retriesFromMessage(retryPolicy) };
  const volumes = message.volumeMounts.map(({ volumeId, mountPath, subPath }) => ({
    ...{ path: mountPath, volume_id: volumeId },
    ...(subPath && { sub_path: subPath }),
  }));
  return {
    ...Object.fromEntries(Object.entries(set).filter(([, value]) => value)),
    ...retries,
    ...(volumes.length > 0 && { volumes }),
  };
}

export function retriesFromMessage(policy: FunctionRetryPolicy): RetriesDefinition {
  return {
    max_retries: policy.retries,
    backoff_coefficient: policy.backoffCoefficient,
    initial_delay_s: policy.initialDelayMs / 1_000,
    max_delay_s: policy.maxDelayMs / 1_000,
  };
}

type CallableFields = Pick<MethodDefinition, "functionName" | "functionType" | "functionSchema" | "webhookConfig">;

function callableDefinition({ moduleName }: FunctionMessage, fields: CallableFields): CallableDefinition {
  const { functionName: name, functionType, functionSchema, webhookConfig } = fields;
  const web = webhookConfig && webDefinition(webhookConfig);
  return {
    ...{ name, module: moduleName, qualname: name, path: "", line: 0, end_line: 0 },
    is_generator: functionType === FunctionType.GENERATOR,
    is_async: false,
    ...signature(functionSchema),
    ...(web && { web }),
  };
}

function signature(schema: Schema | undefined): Pick<CallableDefinition, "parameters" | "return_type"> {
  const parameters = (schema?.arguments ?? []).map(({ name, hasDefault, fullType }) => ({
    name,
    kind: "positional" as const,
    type: typeDefinition(fullType),
    has_default: hasDefault,
  }));
  return { parameters, return_type: typeDefinition(schema?.returnType) };
}

const TYPES: Readonly<Partial<Record<ParameterType, TypeDefinition["base"]>>> = {
  [ParameterType.PARAM_TYPE_STRING]: "str",
  [ParameterType.PARAM_TYPE_INT]: "int",
  [ParameterType.PARAM_TYPE_BOOL]: "bool",
  [ParameterType.PARAM_TYPE_BYTES]: "bytes",
  [ParameterType.PARAM_TYPE_LIST]: "list",
  [ParameterType.PARAM_TYPE_DICT]: "dict",
  [ParameterType.PARAM_TYPE_NONE]: "none",
};

function typeDefinition(type: GenericPayloadType | undefined): TypeDefinition {
  const base = (type && TYPES[type.baseType]) ?? "unknown";
  return type && type.subTypes.length > 0 ? { base, sub: type.subTypes.map(typeDefinition) } : { base };
}

const WEB_KINDS: Readonly<Partial<Record<WebhookType, WebDefinition["kind"]>>> = {
  [WebhookType.ASGI_APP]: "asgi_app",
  [WebhookType.WSGI_APP]: "wsgi_app",
  [WebhookType.WEB_SERVER]: "web_server",
  [WebhookType.FUNCTION]: "fastapi_endpoint",
};

function webDefinition({ type, requestedSuffix }: WebhookConfig): WebDefinition | undefined {
  const kind = WEB_KINDS[type];
  return kind && { kind, label: requestedSuffix || null };
}

/** Its service function is named `Class.*`, and its methods by their own names. */
function classDefinition(message: FunctionMessage): ClassDefinition {
  const { format, schema = [] } = message.classParameterInfo ?? {};
  return {
    name: message.functionName.replace(/\.\*$/, ""),
    parameter_format: format === ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO ? "typed" : "pickle",
    parameters: schema.flatMap(parameterDefinition),
    methods: Object.entries(message.methodDefinitions).map(([name, method]) => ({
      ...callableDefinition(message, { ...method, functionName: name }),
    })),
  };
}

function parameterDefinition({ name, type, defaultOneof }: ClassParameterSpec): ClassParameterDefinition[] {
  switch (type) {
    case ParameterType.PARAM_TYPE_STRING:
      return [{ name, type: "str", default: defaultValue(name, defaultOneof) }];
    case ParameterType.PARAM_TYPE_INT:
      return [{ name, type: "int", default: defaultValue(name, defaultOneof) }];
    case ParameterType.PARAM_TYPE_BOOL:
      return [{ name, type: "bool", default: defaultValue(name, defaultOneof) }];
    case ParameterType.PARAM_TYPE_BYTES:
      return [{ name, type: "bytes", default: defaultValue(name, defaultOneof) }];
    default:
      return [];
  }
}

function defaultValue(name: string, given: ClassParameterSpec["defaultOneof"]): ParameterValue | null {
  switch (given.case) {
    case "stringDefault":
      return { name, type: "str", value: given.value };
    case "intDefault":
      return { name, type: "int", value: String(given.value) };
    case "boolDefault":
      return { name, type: "bool", value: given.value };
    case "bytesDefault":
      return { name, type: "bytes", value: Buffer.from(given.value).toString("base64") };
    default:
      return null;
  }
}
