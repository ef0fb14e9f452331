import { encode } from "cbor-x";
import type { RequestHandler, Worker } from "./workerHarness.ts";

interface Entry {
  readonly index: number;
  readonly status: string;
  readonly format: number;
  readonly data: Uint8Array;
  readonly exception: string;
}

interface Call {
  readonly functionId: string;
  readonly parentInput: unknown;
  readonly kind: unknown;
  readonly invocation: unknown;
  readonly log: Entry[];
  readonly batches: number[];
  inputs: number;
  finished: boolean;
  mostUnfinished: number;
}

export interface FakeFunction {
  /** The result of an input, from its index and its pickled arguments. A thrown Error becomes a failure without data. */
  readonly run: (index: number, args: Buffer) => unknown;
  /** Rearranges outputs that became ready together. */
  readonly arrange?: (entries: Entry[]) => Entry[];
  /** Its outputs come with the answers to calls that may be held for them. */
  readonly isQuick?: boolean;
}

/** The engine's end of a worker's requests: runs every input at once, in JavaScript. Its function ids are `fu-` and the name. */
export class FakeEngine {
  readonly calls: Call[] = [];
  readonly requests: { method: string; params: Record<string, unknown> }[] = [];
  readonly #functions: Record<string, FakeFunction>;

  constructor(functions: Record<string, FakeFunction>) {
    this.#functions = functions;
  }

  attach(worker: Worker): void {
    worker.onRequest = this.handle;
  }

  readonly handle: RequestHandler = (method, params, payload) => {
    this.requests.push({ method, params });
    switch (method) {
      case "lookup":
        return this.#lookup(String(params.name));
      case "bind":
        return this.#bind(String(params.name));
      case "call":
        return this.#call(params, payload);
      case "put_inputs":
        this.#put(this.#callOf(params), params, payload);
        return { value: { count: (params.inputs as unknown[]).length } };
      case "outputs":
        return this.#outputs(params);
      case "stats":
        return { value: { backlog: 1, num_total_tasks: 2, num_running_inputs: 3, input_headroom: 4 } };
      case "cancel":
        return { value: {} };
      case "call_graph":
        return { value: GRAPH };
      default:
        return { error: { code: "UNIMPLEMENTED", message: `${method} is unknown.` } };
    }
  };

  #lookup(name: string) {
    if (!(name in this.#functions)) return { error: { code: "NOT_FOUND", message: `There is no function ${name}.` } };
    return { value: { function_id: `fu-${name}`, name, is_generator: name === "generator" } };
  }

  /** Every class has the same methods. */
  #bind(name: string) {
    const methods = { add: { is_generator: false }, upto: { is_generator: true } };
    return { value: { function_id: `fu-${name}`, methods } };
  }

  #call(params: Record<string, unknown>, payload: Buffer) {
    const call: Call = {
      functionId: String(params.function_id),
      parentInput: params.parent_input,
      kind: params.kind,
      invocation: params.invocation,
      log: [],
      batches: [],
      inputs: 0,
      finished: false,
      mostUnfinished: 0,
    };
    this.calls.push(call);
    this.#put(call, params, payload);
    const function_call_id = `fc-${this.calls.length - 1}`;
    const isHeld = this.#functions[call.functionId.slice(3)]?.isQuick && params.output_wait_ms;
    const { value, payload: data } = isHeld ? outputsReply(call.log) : outputsReply([]);
    return { value: { function_call_id, ...value }, payload: data };
  }

  #callOf(params: Record<string, unknown>): Call {
    const call = this.calls[Number(String(params.function_call_id).slice(3))];
    if (!call) throw new Error(`No call ${String(params.function_call_id)}`);
    return call;
  }

  #put(call: Call, params: Record<string, unknown>, payload: Buffer): void {
    const inputs = params.inputs as { size: number }[];
    const { run, arrange } = this.#functions[call.functionId.slice(3)] as FakeFunction;
    let start = 0;
    const entries = inputs.map(({ size }) => {
      const args = payload.subarray(start, start + size);
      start += size;
      return entryOf(call.inputs++, args, run);
    });
    call.log.push(...(arrange?.(entries) ?? entries));
    call.batches.push(inputs.length);
    call.finished ||= params.finished === true;
  }

  #outputs(params: Record<string, unknown>) {
    const call = this.#callOf(params);
    const index = params.index as number | undefined;
    const start = Number(params.cursor || 0);
    const entries =
      index === undefined
        ? call.log.slice(start, start + Number(params.max))
        : call.log.filter((entry) => entry.index === index);
    const { value, payload } = outputsReply(entries);
    const unfinished = call.finished ? 0 : 1;
    return { value: { ...value, cursor: String(start + entries.length), unfinished }, payload };
  }
}

function outputsReply(entries: readonly Entry[]) {
  return {
    value: {
      outputs: entries.map(({ data, ...entry }) => ({ ...entry, input: "in-x", size: data.length, traceback: "" })),
    },
    payload: Buffer.concat(entries.map(({ data }) => data)),
  };
}

function entryOf(index: number, args: Buffer, run: FakeFunction["run"]): Entry {
  try {
    return { index, status: "SUCCESS", format: 4, data: encode(run(index, args)), exception: "" };
  } catch (error) {
    return { index, status: "FAILURE", format: 4, data: new Uint8Array(), exception: (error as Error).message };
  }
}

const GRAPH = {
  inputs: [
    { input_id: "in-a", function_call_id: "fc-a", task_id: "ta-1", status: 1 },
    { input_id: "in-b", function_call_id: "fc-b", task_id: "ta-2", status: 77 },
    { input_id: "in-c", function_call_id: "fc-b", task_id: "ta-2", status: 2 },
  ],
  function_calls: [
    { function_call_id: "fc-a", parent_input_id: "", function_name: "f", module_name: "m" },
    { function_call_id: "fc-b", parent_input_id: "in-a", function_name: "g", module_name: "m" },
  ],
};
