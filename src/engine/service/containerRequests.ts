import {
  FunctionCallType as CallType,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { ParameterValue } from "../deploy/definition.ts";
import { namedVolume } from "../deploy/volumes.ts";
import { indexOf, inputIdOf, inputKeyFromId } from "../ids.ts";
import { isFile, type Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { NewInput } from "../scheduler/newCall.ts";
import type { OutputsWanted } from "../scheduler/outputLog.ts";
import { scalingSettings } from "../scheduler/scaling.ts";
import type { StoredOutput } from "../store/callStore.ts";
import type { WorkerReply, WorkerRequest } from "../workers/worker.ts";
import { DEFAULT_PYTHON, deployFile } from "./apps/deployFile.ts";
import { callGraph } from "./calls/callGraph.ts";
import { changeAutoscaler } from "./functions/autoscaler.ts";
import { bindFunction } from "./functions/bindFunction.ts";
import { functionAtVersion, functionOf } from "./functions/functions.ts";
import { environmentNamed, type House } from "./house.ts";
import { type Answer, type Asked, askingApp, Params, wrongParam } from "./pythonRequest.ts";
import { sharedObjectAnswers } from "./sharedObjectRequests.ts";

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/**
 * Answers user code, in a container or in the process of a client that runs an app. Calls that functions make come through their
 * container's pipe, with the input that makes them: that is what call graphs are made of. The verbs are the same as those of the service.
 *
 * @throws RpcError, which the Python side raises as Modal's exception
 */
export async function answerPython(house: House, askingAppId: string, request: WorkerRequest): Promise<WorkerReply> {
  const answer = answers[request.method];
  if (!answer) throw new RpcError(RpcStatus.UNIMPLEMENTED, `The engine does not know the request ${request.method}.`);
  return answer({ ...house, askingAppId }, new Params(request.params), request);
}

const answers: Readonly<Record<string, Answer>> = {
  ...sharedObjectAnswers,

  app: async (house, params) => {
    const name = params.text("name");
    const environment = environmentNamed(params.text("environment") || askingApp(house)?.environment || "");
    const found = house.store.apps.deployed(environment, name);
    if (found) return { value: { app_id: found.appId } };
    if (!params.flag("create")) {
      const message = `No app named ${name} is deployed in the environment ${environment}; deploy it, or look it up with \`create_if_missing=True\`.`;
      throw new RpcError(RpcStatus.NOT_FOUND, message);
    }
    const created = await house.deployments.deployEmpty(name, DEFAULT_PYTHON, environment);
    return { value: { app_id: created.appId } };
  },

  deploy: async (house, params) => {
    const asking = askingApp(house);
    const file = {
      path: params.text("path"),
      python: params.text("python") || asking?.python || DEFAULT_PYTHON,
      environment: environmentNamed(params.text("environment") || asking?.environment || ""),
    };
    const alone = { appName: params.text("app"), name: params.text("name") };
    const { versions } = await deployFile(house, { ...file, alone });
    const [version] = versions;
    return { value: { app_id: version?.app.appId, name: version?.app.name } };
  },

  volume: (house, params) => {
    const environment = environmentNamed(askingApp(house)?.environment ?? "");
    const { volume_id } = namedVolume(house.store, environment, {
      ...{ path: "", name: params.text("name"), environment: params.text("environment") },
      ...{ create_if_missing: params.flag("create"), version: params.number("version") },
    });
    return { value: { folder: house.volumes.folder(volume_id) } };
  },

  lookup: async (house, params) => {
    const { functionId, appId, definition } = await functionForUserCode(house, params);
    const { name, is_generator } = definition;
    const parameter_format = definition.cls?.parameter_format;
    const web_url = house.web.url(appId, name);
    return { value: { function_id: functionId, name, is_generator, web_url, parameter_format } };
  },

  bind: async (house, params, { payload }) => {
    const { functionId, appId, definition } = await functionForUserCode(house, params);
    const boundId = await bindFunction(house, functionId, {
      parameters: params.list("parameters").map(parameterValue),
      pickled: payload,
      options: boundOptions(house, params.object("options")),
    });
    const methods =
      definition.cls?.methods.map(({ name, is_generator }) => {
        const url = house.web.url(appId, `${definition.cls?.name}.${name}`);
        return [name, { is_generator, web_url: url }];
      }) ?? [];
    return { value: { function_id: boundId, methods: Object.fromEntries(methods) } };
  },

  call: async ({ scheduler, payloads }, params, { payload, signal }) => {
    const call = await scheduler.startCall({
      functionId: params.text("function_id"),
      callType: params.text("kind") === "map" ? CallType.MAP : CallType.UNARY,
      invocationType: invocations[params.text("invocation")] ?? Invocation.SYNC,
      parentInput: inputKeyFromId(params.text("parent_input")),
      inputs: await newInputs(payloads, params, payload, 0),
      closed: params.flag("finished"),
    });
    const waitMs = params.number("output_wait_ms");
    const output = waitMs > 0 ? await scheduler.firstOutput(call, waitMs, signal) : undefined;
    const { value, payload: data } = outputsReply(payloads, output ? [output] : []);
    return { value: { function_call_id: call.functionCallId, ...value }, payload: data };
  },

  put_inputs: async ({ scheduler, payloads }, params, { payload }) => {
    const functionCallId = params.text("function_call_id");
    const inputs = await newInputs(payloads, params, payload, params.number("first_index"));
    await scheduler.putInputs(functionCallId, inputs);
    if (params.flag("finished")) await scheduler.closeCall(functionCallId);
    return { value: { count: inputs.length } };
  },

  outputs: async ({ scheduler, payloads }, params, { signal }) => {
    const limits = { maxOutputs: params.number("max") || 1, maxBytes: MAX_OUTPUT_BYTES };
    const index = params.optionalNumber("index");
    const after = Number(params.text("cursor")) || 0;
    const wanted: OutputsWanted = index === undefined ? { after, limits } : { start: index, end: index, limits };
    const timeoutMs = params.number("timeout_s") * 1_000;
    const { outputs, unfinished } = await scheduler.outputs(params.text("function_call_id"), wanted, timeoutMs, signal);
    const { value, payload } = outputsReply(payloads, outputs);
    return { value: { ...value, cursor: String(outputs.at(-1)?.entry ?? after), unfinished }, payload };
  },

  items: async ({ scheduler, payloads }, params, { signal }) => {
    const functionCallId = params.text("function_call_id");
    const timeoutMs = params.number("timeout_s") * 1_000;
    const { items, ended } = await scheduler.itemsAfter(functionCallId, params.number("last_index"), timeoutMs, signal);
    return {
      value: { items: items.map(({ dataFormat, data }) => ({ format: dataFormat, ...payloads.place(data) })), ended },
      payload: inlineBytes(items),
    };
  },

  web_receive: async ({ web }, params) => {
    const wantsEnd = params.flag("wants_end");
    const { value, bytes } = await web.receive(params.text("request_id"), params.number("position"), wantsEnd);
    return { value, payload: bytes };
  },

  cancel: async ({ scheduler }, params) => {
    await scheduler.cancel(scheduler.record(params.text("function_call_id")), params.flag("terminate_containers"));
    return { value: {} };
  },

  call_size: ({ scheduler, store }, params) => {
    const { number } = scheduler.record(params.text("function_call_id"));
    return { value: { inputs: store.calls.progress(number).inputs } };
  },

  call_graph: (house, params) => {
    const graph = callGraph(house, house.scheduler.record(params.text("function_call_id")));
    return {
      value: {
        inputs: graph.inputs.map((input) => ({
          input_id: input.inputId,
          status: input.status,
          function_call_id: input.functionCallId,
          task_id: input.taskId,
        })),
        function_calls: graph.functionCalls.map((call) => ({
          function_call_id: call.functionCallId,
          parent_input_id: call.parentInputId,
          function_name: call.functionName,
          module_name: call.moduleName,
        })),
      },
    };
  },

  autoscaler: async (house, params) => {
    const changed = {
      min_containers: params.optionalNumber("min_containers"),
      max_containers: params.optionalNumber("max_containers"),
      buffer_containers: params.optionalNumber("buffer_containers"),
      scaledown_window_s: params.optionalNumber("scaledown_window"),
    };
    const given = Object.entries(changed).filter(([, value]) => value !== undefined);
    const options = await changeAutoscaler(house, params.text("function_id"), Object.fromEntries(given));
    const settings = scalingSettings(options, house.scheduler.cores);
    return {
      value: {
        min_containers: settings.minContainers,
        max_containers: settings.maxContainers,
        buffer_containers: settings.bufferContainers,
        scaledown_window: settings.scaledownWindowMs / 1_000,
      },
    };
  },

  stats: ({ scheduler }, params) => {
    const stats = scheduler.stats(params.text("function_id"));
    return {
      value: {
        backlog: stats.backlog,
        num_total_tasks: stats.numTotalTasks,
        num_running_inputs: stats.numRunningInputs,
        input_headroom: stats.inputHeadroom,
      },
    };
  },
};

/** In an app that is run, its own name means itself, and not one that is deployed under that name. */
async function functionForUserCode(house: Asked, params: Params) {
  const [appName, name] = [params.text("app"), params.text("name")];
  const [environment, version] = [params.text("environment"), params.number("version")];
  const asking = askingApp(house);
  const isOwn = asking?.run && asking.name === appName && environment === "" && version === 0;
  if (isOwn) return functionOf(house, asking, name);
  return functionAtVersion(house, appName, name, environment || (asking?.environment ?? ""), version);
}

/** A generator is called in the way that Modal's client calls one (`py/modal/_functions.py`). */
const invocations: Readonly<Record<string, Invocation>> = {
  async: Invocation.ASYNC,
  generator: Invocation.SYNC_LEGACY,
};

/** Options as user code changes them: variables come with their values, of which only the name is kept here. */
function boundOptions({ deployments }: House, { variables, ...options }: Readonly<Record<string, unknown>>) {
  if (variables === undefined) return options;
  const texts = new Params(variables as Record<string, unknown>).texts();
  return { ...options, variables: deployments.keepVariables(texts) };
}

function parameterValue(params: Params): ParameterValue {
  const name = params.text("name");
  const type = params.text("type");
  if (type === "bool") return { name, type, value: params.flag("value") };
  if (type === "str" || type === "int" || type === "bytes") return { name, type, value: params.text("value") };
  throw wrongParam("type", "one that parameters can have");
}

/** Inputs that stand one after another in the payload, numbered from `firstIndex`. */
function newInputs(
  payloads: PayloadFiles,
  params: Params,
  payload: Uint8Array,
  firstIndex: number,
): Promise<NewInput[]> {
  let offset = 0;
  const methodName = params.text("method") || undefined;
  const inputs = params.list("inputs").map(async (item, position) => {
    const size = item.number("size");
    const bytes = payload.subarray(offset, offset + size);
    offset += size;
    const args = await payloads.keep(bytes);
    return { index: firstIndex + position, dataFormat: item.number("format"), methodName, args };
  });
  return Promise.all(inputs);
}

/** What does not stand in files, one after another. */
function inlineBytes(holders: readonly { readonly data: Payload }[]): Uint8Array {
  return Buffer.concat(holders.flatMap(({ data }) => (isFile(data) ? [] : [data])));
}

/** Outputs as a reply has them. */
function outputsReply(payloads: PayloadFiles, outputs: readonly StoredOutput[]) {
  return {
    value: { outputs: outputs.map((output) => outputValue(payloads, output)) },
    payload: inlineBytes(outputs),
  };
}

function outputValue(payloads: PayloadFiles, output: StoredOutput) {
  return {
    index: indexOf(output.input),
    input: inputIdOf(output.input),
    status: Status[output.status] ?? String(output.status),
    format: output.dataFormat,
    ...payloads.place(output.data),
    exception: output.exception,
    traceback: output.traceback,
  };
}
