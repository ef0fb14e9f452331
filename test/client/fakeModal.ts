import { setTimeout as delay } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { decode, Encoder } from "cbor-x";
import { ModalClient, type ModalClientOptions } from "../../src/client/index.ts";
import { decodePickle } from "../../src/client/pickle/pickleReader.ts";
import {
  DataFormat,
  Function_FunctionType,
  FunctionCallInvocationType,
  type FunctionGetOutputsRequest,
  type FunctionPutInputsItem,
  GenericResult_GenericStatus,
  ModalClient as ModalService,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import type { RpcContext, RpcHandlers } from "../../src/proto/grpc/rpcServer.ts";
import { addRpcService } from "../../src/proto/grpc/rpcServer.ts";
import type { FakeStorage } from "./fakeStorage.ts";

export type Handlers = RpcHandlers<typeof ModalService>;
type MethodName = keyof Handlers;

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read the fields of whichever message they asked for
  readonly request: any;
  readonly metadata: (name: string) => string | undefined;
  readonly signal: AbortSignal;
  /** Its answer is there, or its stream has begun. */
  isAnswered: boolean;
}

/** What the fake function does with one input; a throw is a failure, a promise keeps the input unfinished. */
export type FakeFunction = (args: unknown[], kwargs: Record<string, unknown>, index: number) => unknown;

const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, tagUint8Array: false });

/**
 * A Modal server over a real socket, with one function behind every name. Answers as the protocol says; `intercept` puts
 * special answers before the default ones, and all requests are kept.
 */
export class FakeModal implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  run: FakeFunction = ([x]) => (x as number) * (x as number);
  /** 0: says nothing about it. */
  maxInputsOutstanding = 0;
  /** Whether inputs may come with a map call. */
  takesPipelinedInputs = true;
  functionMetadata: object = {};
  /** What the answer to a new call says besides. */
  callAnswer: object = {};
  /** At most so many outputs in an answer. */
  maxOutputs = 1_000;
  /** Takes blobs, when there is one; results above so many bytes then go there too. */
  storage: FakeStorage | undefined;
  maxInlineResultBytes = Number.POSITIVE_INFINITY;
  readonly calls = new Map<string, FakeCall>();
  readonly #server = new Server({ "grpc.max_receive_message_length": 100 * 1024 * 1024 });
  readonly #defaults: Handlers = this.#answers();
  readonly #interceptors = new Map<MethodName, ((...args: never[]) => unknown)[]>();
  readonly #clients: ModalClient[] = [];
  #port = 0;

  static async start(): Promise<FakeModal> {
    const fake = new FakeModal();
    await fake.listen(0);
    return fake;
  }

  constructor() {
    const handlers: Record<string, unknown> = {};
    for (const name of Object.keys(ModalService.method) as MethodName[]) handlers[name] = this.#recorded(name);
    addRpcService(this.#server, ModalService, handlers as Handlers, () => {});
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#port;
  }

  async listen(port: number): Promise<void> {
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
  }

  /** A client of this server, closed with it. */
  client(options: Partial<ModalClientOptions> = {}): ModalClient {
    const client = new ModalClient({ url: this.url, tokenId: "ak-1", tokenSecret: "as-2", ...options });
    this.#clients.push(client);
    return client;
  }

  /** Answers methods in another way from now on, or ones that had no answer. */
  answer(handlers: Handlers): void {
    Object.assign(this.#defaults, handlers);
  }

  /** Answers the next requests of a method with these handlers, one after another, before the default answers again. */
  intercept<M extends MethodName>(method: M, ...handlers: NonNullable<Handlers[M]>[]): void {
    this.#interceptors.set(method, [...(this.#interceptors.get(method) ?? []), ...handlers]);
  }

  /** Fails the next `times` requests of a method. */
  fail(method: MethodName, code: RpcStatus, times: number, message = "on purpose"): void {
    const handler = () => {
      throw new RpcError(code, message);
    };
    this.intercept(method, ...Array.from({ length: times }, () => handler));
  }

  /** The requests of one method so far. */
  requests(method: string): SeenRequest[] {
    return this.seen.filter((seen) => seen.method === method);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#server.forceShutdown();
  }

  #recorded(name: MethodName) {
    return (request: object, context: RpcContext) => {
      const { metadata, signal } = context;
      const seen: SeenRequest = { method: name, request, metadata, signal, isAnswered: false };
      this.seen.push(seen);
      const intercepted = this.#interceptors.get(name)?.shift();
      const handler = (intercepted ?? this.#defaults[name]) as
        | ((request: object, context: RpcContext) => unknown)
        | undefined;
      if (!handler) throw new RpcError(RpcStatus.UNIMPLEMENTED, `The fake server has no ${name}.`);
      const answer = handler(request, context);
      const end = () => {
        seen.isAnswered = true;
      };
      void Promise.resolve(answer).then(end, end);
      return answer;
    };
  }

  #answers(): Handlers {
    return {
      functionGet: ({ objectTag }) => ({
        functionId: `fu-${objectTag}`,
        handleMetadata: {
          functionName: objectTag,
          functionType: Function_FunctionType.FUNCTION,
          supportedInputFormats: [DataFormat.PICKLE, DataFormat.CBOR],
          maxAsyncObjectSizeBytes: 64n * 1024n * 1024n,
          ...this.functionMetadata,
        },
      }),
      functionMap: ({ pipelinedInputs, functionCallInvocationType }) => {
        const isSync = functionCallInvocationType === FunctionCallInvocationType.SYNC;
        const call = new FakeCall(
          `fc-${this.calls.size + 1}`,
          isSync,
          (args, kwargs, index) => this.run(args, kwargs, index),
          this,
        );
        this.calls.set(call.functionCallId, call);
        return {
          functionCallId: call.functionCallId,
          pipelinedInputs: this.takesPipelinedInputs ? call.put(pipelinedInputs) : [],
          maxInputsOutstanding: this.maxInputsOutstanding,
          ...this.callAnswer,
        };
      },
      functionPutInputs: ({ functionCallId, inputs }) => ({ inputs: this.#call(functionCallId).put(inputs) }),
      functionFinishInputs: () => ({}),
      blobCreate: ({ contentLength }) => this.storage?.create(Number(contentLength)) ?? {},
      blobGet: ({ blobId }) => ({ downloadUrl: this.storage?.url(blobId) ?? "" }),
      functionGetOutputs: (request, { signal }) =>
        this.#call(request.functionCallId).outputs(request, this.maxOutputs, signal),
      functionCallCancel: () => ({}),
      functionGetCurrentStats: () => ({ backlog: 4, numTotalTasks: 3, numRunningInputs: 2, inputHeadroom: 1 }),
      functionCallFromId: ({ functionCallId }) => ({
        functionCallId,
        numInputs: this.#call(functionCallId).numInputs,
        metadata: { appId: "ap-1", functionId: "fu-1" },
      }),
    };
  }

  #call(functionCallId: string): FakeCall {
    const call = this.calls.get(functionCallId);
    if (!call) throw new RpcError(RpcStatus.NOT_FOUND, `No call ${functionCallId}.`);
    return call;
  }
}

const NO_STORAGE = { storage: undefined, maxInlineResultBytes: Number.POSITIVE_INFINITY };

/** A call on the fake server: an append-only log of outputs. */
export class FakeCall {
  readonly functionCallId: string;
  readonly log: ReturnType<typeof outputItem>[] = [];
  readonly indexes: number[] = [];
  readonly #run: FakeFunction;
  readonly #server: Pick<FakeModal, "storage" | "maxInlineResultBytes">;
  /** A call that is waited for may get more inputs at any time. */
  readonly #isSync: boolean;
  #news = gate();

  constructor(
    functionCallId: string,
    isSync: boolean,
    run: FakeFunction,
    server: Pick<FakeModal, "storage" | "maxInlineResultBytes"> = NO_STORAGE,
  ) {
    this.#server = server;
    this.functionCallId = functionCallId;
    this.#isSync = isSync;
    this.#run = run;
  }

  get numInputs(): number {
    return this.indexes.length;
  }

  put(items: readonly FunctionPutInputsItem[]) {
    for (const { idx, input } of items) {
      this.indexes.push(idx);
      const args = input?.argsOneof;
      const bytes = args?.case === "argsBlobId" ? this.#server.storage?.blobs.get(args.value) : args?.value;
      if (!bytes) throw new RpcError(RpcStatus.NOT_FOUND, `There are no arguments ${args?.value}.`);
      const isPickle = input?.dataFormat === DataFormat.PICKLE;
      const [positional, kwargs] = (
        isPickle ? decodePickle(bytes, () => undefined) : decode(bytes)
      ) as Parameters<FakeFunction>;
      void this.#execute(idx, positional, kwargs);
    }
    return items.map(({ idx }) => ({ idx, inputId: `in-${idx}`, inputJwt: `jwt-${idx}` }));
  }

  /** Appends an output as the server would, e.g. a duplicate. */
  append(output: ReturnType<typeof outputItem>): void {
    this.log.push(output);
    this.#news.open();
    this.#news = gate();
  }

  async outputs(request: FunctionGetOutputsRequest, maxOutputs: number, signal: AbortSignal) {
    const after = Number.parseInt(request.lastEntryId, 10) || 0;
    const { startIdx, endIdx } = request;
    const waiting = new AbortController();
    signal.addEventListener("abort", () => waiting.abort());
    const timeIsUp = delay(request.timeout * 1_000, undefined, { signal: waiting.signal }).catch(() => {});
    let isUp = request.timeout === 0;
    void timeIsUp.then(() => {
      isUp = true;
    });
    try {
      for (;;) {
        const unfinished = this.indexes.length - new Set(this.log.map(({ idx }) => idx)).size;
        const found =
          startIdx === undefined
            ? this.log.slice(after, after + maxOutputs)
            : this.log.filter(({ idx }) => idx >= startIdx && idx <= (endIdx ?? startIdx));
        const isOver = unfinished === 0 && (!this.#isSync || startIdx !== undefined);
        if (found.length > 0 || isUp || signal.aborted || isOver) {
          return { outputs: found, lastEntryId: `${after + found.length}-0`, numUnfinishedInputs: unfinished };
        }
        await Promise.race([this.#news.promise, timeIsUp]);
      }
    } finally {
      waiting.abort();
    }
  }

  /** Moves a large value to the storage. */
  #withBlob(output: ReturnType<typeof outputItem>): ReturnType<typeof outputItem> {
    const { storage, maxInlineResultBytes } = this.#server;
    const { dataOneof } = output.result;
    if (!storage || dataOneof.case !== "data" || dataOneof.value.length <= maxInlineResultBytes) return output;
    const blobId = `bl-${this.functionCallId}-${output.idx}`;
    storage.blobs.set(blobId, Buffer.from(dataOneof.value));
    return { ...output, result: { ...output.result, dataOneof: { case: "dataBlobId", value: blobId } } };
  }

  async #execute(idx: number, args: unknown[], kwargs: Record<string, unknown>): Promise<void> {
    try {
      const value = await this.#run(args, kwargs, idx);
      this.append(this.#withBlob(outputItem(idx, GenericResult_GenericStatus.SUCCESS, { value })));
    } catch (error) {
      const exception = `ValueError('${(error as Error).message}')`;
      this.append(outputItem(idx, GenericResult_GenericStatus.FAILURE, { exception, traceback: "Traceback …" }));
    }
  }
}

/** An output as it stands on the wire. */
export function outputItem(
  idx: number,
  status: GenericResult_GenericStatus,
  { value, exception = "", traceback = "" }: { value?: unknown; exception?: string; traceback?: string } = {},
) {
  const isSuccess = status === GenericResult_GenericStatus.SUCCESS;
  const data = isSuccess ? encoder.encode(value ?? null) : new Uint8Array();
  return {
    idx,
    inputId: `in-${idx}`,
    taskId: "ta-1",
    inputStartedAt: 1.5,
    outputCreatedAt: 2.5,
    retryCount: 0,
    dataFormat: isSuccess ? DataFormat.CBOR : DataFormat.UNSPECIFIED,
    result: { status, exception, traceback, dataOneof: { case: "data", value: data } as FakeData },
  };
}

type FakeData = { case: "data"; value: Uint8Array } | { case: "dataBlobId"; value: string };

/** A promise that somebody else resolves. */
export function gate() {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** All items of an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Waits until something is true; the test runner's timeout is the limit. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(2);
}
