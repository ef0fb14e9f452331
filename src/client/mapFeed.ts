import { setImmediate as nextTurn } from "node:timers/promises";
import {
  FunctionCallInvocationType,
  FunctionCallType,
  type FunctionMapResponse,
  type FunctionPutInputsItem,
} from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import type { FunctionHandle } from "./functionHandle.ts";
import { inputEncoder, type Kwargs } from "./functionInput.ts";
import { InOrder } from "./inOrder.ts";
import { InputSender } from "./inputSender.ts";
import { type InputRow, type InputSource, isAsync } from "./mapRows.ts";
import { PUT_INPUTS_RETRIES, SPAWN_MAP_RETRIES } from "./retry.ts";

/** How many large inputs are uploaded at a time; Modal's own number. */
const MAX_UPLOADS = 20;

/** What goes into a map call. */
export interface MapFeedOptions {
  readonly rows: InputSource<InputRow>;
  /** Keyword arguments of every input. */
  readonly kwargs: Kwargs;
  /** `ASYNC` when nobody waits for the results. */
  readonly invocation: FunctionCallInvocationType.SYNC | FunctionCallInvocationType.ASYNC;
  readonly returnExceptions: boolean;
  /** Ends the feeding; also aborted by the feed itself, with the error, when it cannot go on. */
  readonly stop: AbortController;
  /** Lets the input of this index in, or returns a promise to wait for when there is no place for it yet. */
  readonly admit?: (index: number) => Promise<void> | undefined;
  /** Told how many inputs the server has accepted so far. */
  readonly onAccepted?: (numInputs: number) => void;
}

/** The input side of a map call: makes the call, and reads, serializes and sends its inputs. */
export class MapFeed {
  readonly #rpc: ModalRpc;
  readonly #handle: FunctionHandle;
  readonly #options: MapFeedOptions;
  readonly #sender: InputSender;
  #accepted = 0;

  constructor(rpc: ModalRpc, handle: FunctionHandle, options: MapFeedOptions) {
    this.#rpc = rpc;
    this.#handle = handle;
    this.#options = options;
    this.#sender = new InputSender(options.stop);
  }

  /**
   * Makes the call; what can be read at once goes with it. `done` resolves to the number of inputs when the server has
   * accepted them all. When reading, serializing or sending fails, `stop` is aborted and `done` rejects.
   */
  async start(): Promise<{ readonly call: FunctionMapResponse; readonly done: Promise<number> }> {
    const done = this.#read();
    done.catch((error: unknown) => this.#options.stop.abort(error));
    await nextTurn();
    const first = this.#sender.take();
    const call = await this.#makeCall(first);
    const { functionId } = this.#handle;
    const { functionCallId, pipelinedInputs } = call;
    this.#countAccepted(pipelinedInputs.length);
    // A server that takes no inputs with a map call gets them on their own.
    const taken = new Set(pipelinedInputs.map(({ idx }) => idx));
    const unsent = first.filter(({ idx }) => !taken.has(idx));
    this.#sender.open((inputs) => this.#put(functionId, functionCallId, inputs), unsent);
    return { call, done };
  }

  async #read(): Promise<number> {
    const { rows, kwargs, invocation, stop } = this.#options;
    const isAsyncCall = invocation === FunctionCallInvocationType.ASYNC;
    const encode = inputEncoder(this.#rpc, this.#handle, isAsyncCall, stop.signal);
    const inputs = new InOrder<FunctionPutInputsItem>(
      MAX_UPLOADS,
      (input) => this.#accept(input),
      (error) => stop.abort(error),
    );
    if (isAsync(rows)) {
      for await (const row of rows) await inputs.add(encode(row, kwargs));
    } else {
      for (const row of rows) {
        const room = inputs.add(encode(row, kwargs));
        if (room !== undefined) await room;
      }
    }
    await inputs.drain();
    await this.#sender.drain();
    return this.#sender.added;
  }

  /** Takes an input; returns a promise when the next one has to wait. */
  #accept(input: FunctionPutInputsItem): Promise<void> | undefined {
    const admission = this.#options.admit?.(this.#sender.added);
    return admission === undefined ? this.#sender.add(input) : admission.then(() => this.#sender.add(input));
  }

  #makeCall(pipelinedInputs: FunctionPutInputsItem[]): Promise<FunctionMapResponse> {
    const { invocation, returnExceptions, stop } = this.#options;
    stop.signal.throwIfAborted();
    const request = {
      functionId: this.#handle.functionId,
      functionCallType: FunctionCallType.MAP,
      functionCallInvocationType: invocation,
      returnExceptions,
      pipelinedInputs,
    };
    // Nobody waits for a spawned map, so it can wait for a busy server, as in Modal's Python SDK.
    const retries = invocation === FunctionCallInvocationType.ASYNC ? SPAWN_MAP_RETRIES : undefined;
    // Not aborted with the rest: a call whose id never arrived could not be cancelled any more.
    return this.#rpc.functionMap(request, { retries, retrySignal: stop.signal });
  }

  async #put(functionId: string, functionCallId: string, inputs: FunctionPutInputsItem[]): Promise<void> {
    const options = { signal: this.#options.stop.signal, retries: PUT_INPUTS_RETRIES };
    await this.#rpc.functionPutInputs({ functionId, functionCallId, inputs }, options);
    this.#countAccepted(inputs.length);
  }

  #countAccepted(count: number): void {
    this.#accepted += count;
    if (count > 0) this.#options.onAccepted?.(this.#accepted);
  }
}
