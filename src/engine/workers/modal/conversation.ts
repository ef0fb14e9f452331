import { setImmediate as pendingReads } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  DataFormat,
  type FunctionCallGetDataRequest,
  type FunctionCallPutDataRequest,
  type FunctionGetInputsItemSchema,
  type FunctionPutOutputsItem,
  FunctionCallInvocationType as Invocation,
  type ModalClient,
  GenericResult_GenericStatus as Status,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { RpcHandlers } from "../../../proto/grpc/rpcServer.ts";
import { INLINE_BYTES } from "../../../proto/valueFiles.ts";
import { type InputKey, inputIdOf, inputKeyFromId } from "../../ids.ts";
import { isFile, type Payload } from "../../payloads/payload.ts";
import type { PayloadFiles } from "../../payloads/payloadFiles.ts";
import type { WorkerEvents, WorkerInput } from "../worker.ts";
import { Heartbeats } from "./heartbeats.ts";
import { WaitingBatches } from "./waitingBatches.ts";
import { type Receive, responsePiece, WebRequest } from "./webRequest.ts";

type Handlers = Required<
  Pick<
    RpcHandlers<typeof ModalClient>,
    | "containerHello"
    | "containerHeartbeat"
    | "functionGetInputs"
    | "functionPutOutputs"
    | "functionCallPutDataOut"
    | "functionCallGetDataIn"
    | "functionGetDynamicConcurrency"
    | "taskResult"
    | "volumeCommit"
  >
>;

/** What the engine's own worker says of an input that was cancelled while it ran; Modal's runtime says nothing. */
const CANCELLED = "InputCancellation('The input was cancelled.')";

/** What a container has fetched, and how far it is. */
interface RunningInput {
  readonly functionCallId: string;
  /** Items of a generator that have come. */
  items: number;
  /** What it answers, for an input of a web endpoint. */
  readonly web: WebRequest | undefined;
}

type Told = Pick<WorkerEvents, "ready" | "failed" | "item" | "output" | "request">;

/**
 * What is said between the engine and one container of Modal's own runtime: it fetches inputs and hands in outputs
 * (`py/modal/_runtime/container_io_manager.py`).
 */
export class Conversation {
  readonly #events: Told;
  readonly #payloads: PayloadFiles;
  readonly #isWeb: (methodName: string | undefined) => boolean;
  readonly #waiting = new WaitingBatches();
  readonly #running = new Map<InputKey, RunningInput>();
  readonly #heartbeats = new Heartbeats();
  #isReady = false;

  /** @param isWeb whether an input is a request to a web endpoint */
  constructor(events: Told, payloads: PayloadFiles, isWeb: (methodName: string | undefined) => boolean) {
    this.#events = events;
    this.#payloads = payloads;
    this.#isWeb = isWeb;
  }

  /** The input that it runs, where there is one alone: of several, nobody knows which one prints. */
  get only(): InputKey | undefined {
    const [first, ...others] = this.#running.keys();
    return others.length === 0 ? first : undefined;
  }

  /** Has nothing to run. */
  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.isEmpty;
  }

  /** Has something to run together, or one after another. */
  send(batches: readonly (readonly WorkerInput[])[]): void {
    this.#waiting.push(batches);
  }

  recall(keys: readonly InputKey[]): void {
    this.#terminate(this.#waiting.remove(keys));
  }

  cancel(keys: readonly InputKey[]): void {
    this.#terminate(this.#waiting.remove(keys));
    this.#heartbeats.cancel(keys.filter((key) => this.#running.has(key)).map(inputIdOf));
  }

  /** Has it end when it has nothing more to do. */
  stop(): void {
    this.#waiting.stop();
  }

  get handlers(): Handlers {
    return {
      containerHello: () => ({}),
      containerHeartbeat: (_, { signal }) => this.#heartbeats.hold(signal),
      functionGetInputs: (_, { signal }) => this.#nextInputs(signal),
      functionPutOutputs: async ({ outputs }) => {
        await pendingReads(); // What the inputs have printed is in the pipes already, and belongs to them.
        for (const output of outputs) await this.#output(output);
        return {};
      },
      functionCallPutDataOut: async (request) => {
        await this.#items(request);
        return {};
      },
      functionCallGetDataIn: ({ callInfo }, { signal }) => this.#requestEvents(callInfo, signal),
      functionGetDynamicConcurrency: ({ maxConcurrency }) => ({ concurrency: maxConcurrency }),
      taskResult: ({ result }) => {
        const { exception = "", traceback = "" } = result ?? {};
        // Afterwards it is an exit hook that failed, which fails no input; what it printed is in the logs.
        if (!this.#isReady) this.#events.failed({ exception, traceback });
        return {};
      },
      volumeCommit: () => ({ skipReload: true }), // Volumes are folders: what is written is there.
    };
  }

  /** The first one says that user code is imported and its enter hooks have run. */
  async #nextInputs(signal: AbortSignal) {
    if (!this.#isReady) {
      this.#isReady = true;
      this.#events.ready();
    }
    const batch = await this.#waiting.next(signal);
    if (!batch) return { inputs: [{ killSwitch: true }] };
    return { inputs: batch.map((input) => this.#fetched(input)) };
  }

  #fetched(input: WorkerInput): MessageInitShape<typeof FunctionGetInputsItemSchema> {
    const { key, functionCallId, dataFormat, methodName, retryCount, args } = input;
    const web = this.#isWeb(methodName) ? new WebRequest(this.#payloads.read(args)) : undefined;
    this.#running.set(key, { functionCallId, items: 0, web });
    const argsOneof = this.#argsOneof(web ? web.args : args);
    return {
      inputId: inputIdOf(key),
      input: { argsOneof, dataFormat, ...(methodName !== undefined && { methodName }) },
      functionCallId,
      functionCallInvocationType: Invocation.SYNC,
      retryCount,
      // Comes back with its items, which name no input otherwise.
      attemptToken: inputIdOf(key),
    };
  }

  #argsOneof(args: Payload) {
    return isFile(args) && args.length > INLINE_BYTES
      ? { case: "argsBlobId" as const, value: this.#payloads.checked(args).blobId }
      : { case: "args" as const, value: this.#payloads.read(args) };
  }

  async *#requestEvents(callInfo: FunctionCallGetDataRequest["callInfo"], signal: AbortSignal) {
    const input = this.#inputOf(callInfo);
    const web = input === undefined ? undefined : this.#running.get(input)?.web;
    if (!web) return;
    const receive: Receive = (params) =>
      this.#events.request({ method: "web_receive", params, payload: new Uint8Array(), signal });
    let index = 0n;
    for await (const value of web.events(receive)) {
      index += 1n;
      yield { index, dataFormat: DataFormat.ASGI, dataOneof: { case: "data" as const, value } };
    }
  }

  async #output({ inputId, result, dataFormat, inputStartedAt, outputCreatedAt }: FunctionPutOutputsItem) {
    const input = inputKeyFromId(inputId);
    if (input === undefined || !this.#running.has(input)) return; // A repeated request.
    const { status = Status.INTERNAL_FAILURE, exception = "", traceback = "", dataOneof } = result ?? {};
    const data = await this.#payload(dataOneof);
    this.#running.delete(input);
    this.#heartbeats.ended(inputId);
    const times = { startedAt: inputStartedAt, endedAt: outputCreatedAt };
    const reason = exception || (status === Status.TERMINATED ? CANCELLED : "");
    this.#events.output({ input, status, dataFormat, ...times, exception: reason, traceback, data });
  }

  async #items({ callInfo, dataChunks }: FunctionCallPutDataRequest): Promise<void> {
    const input = this.#inputOf(callInfo);
    const running = input === undefined ? undefined : this.#running.get(input);
    if (input === undefined || !running) return; // Cancelled meanwhile.
    for (const { index, dataFormat, dataOneof } of dataChunks) {
      if (Number(index) <= running.items) continue; // A repeated request.
      const data = await this.#payload(dataOneof);
      running.items = Number(index);
      if (dataFormat === DataFormat.ASGI) await this.#responsePiece(input, data);
      else this.#events.item({ input, dataFormat, data });
    }
  }

  async #responsePiece(input: InputKey, event: Payload): Promise<void> {
    const piece = responsePiece(this.#payloads.read(event));
    if (isFile(event)) this.#payloads.remove([event.blobId]);
    if (piece) this.#events.item({ input, dataFormat: DataFormat.CBOR, data: await this.#payloads.keep(piece) });
  }

  #inputOf({ case: by, value }: FunctionCallPutDataRequest["callInfo"]): InputKey | undefined {
    if (by === "attemptToken") return inputKeyFromId(value);
    return [...this.#running].find(([, { functionCallId }]) => functionCallId === value)?.[0];
  }

  async #payload(data: DataOneof | undefined): Promise<Payload> {
    if (data?.case !== "dataBlobId") return this.#payloads.keep(data?.value ?? new Uint8Array());
    const payload = await this.#payloads.take(data.value);
    if (payload) return payload;
    throw new RpcError(RpcStatus.NOT_FOUND, `There is no blob ${data.value}; upload the value again.`);
  }

  /** Later, for whoever asks is in the middle of something. */
  #terminate(inputs: readonly WorkerInput[]): void {
    const now = Date.now() / 1_000;
    for (const { key } of inputs) {
      queueMicrotask(() =>
        this.#events.output({
          input: key,
          status: Status.TERMINATED,
          dataFormat: DataFormat.UNSPECIFIED,
          startedAt: now,
          endedAt: now,
          exception: "",
          traceback: "",
          data: new Uint8Array(),
        }),
      );
    }
  }
}

type DataOneof = FunctionCallPutDataRequest["dataChunks"][number]["dataOneof"];
