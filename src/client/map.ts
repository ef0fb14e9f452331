import { FunctionCallInvocationType } from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import { FunctionCall, references } from "./functionCall.ts";
import type { FunctionHandle } from "./functionHandle.ts";
import type { Kwargs } from "./functionInput.ts";
import type { RemoteOptions } from "./invocation.ts";
import { MapFeed } from "./mapFeed.ts";
import type { InputRow, InputSource } from "./mapRows.ts";
import type { Output } from "./output.ts";
import { downloadedAhead, settled } from "./outputDownloads.ts";
import { OutputOrder } from "./outputOrder.ts";
import { FIRST_CURSOR, MAX_WAIT_MS, PollPace, requestOutputs } from "./outputs.ts";
import { GET_OUTPUTS_RETRIES, NO_RETRIES } from "./retry.ts";

/** How a map runs. */
export interface MapOptions extends RemoteOptions {
  /** Keyword arguments of every input. */
  readonly kwargs?: Kwargs;
  /** Whether results come in the order of the inputs or as they are made. Default: true. */
  readonly orderOutputs?: boolean;
  /** Whether a failed input yields its error and the map goes on. Default: false, the first failure is raised. */
  readonly returnExceptions?: boolean;
}

/** How many inputs may be under way when the server does not say. */
const DEFAULT_MAX_OUTSTANDING = 1_000;

/**
 * Runs a map and yields `present(output)` for each of its outputs; see `ModalFunction.map`. Nothing happens before the first one is
 * asked for.
 */
export async function* mapInputs<T>(
  rpc: ModalRpc,
  findHandle: () => Promise<FunctionHandle>,
  rows: InputSource<InputRow>,
  options: MapOptions,
  present: (output: Output) => T,
): AsyncGenerator<T> {
  const { signal } = options;
  signal?.throwIfAborted();
  const run = new MapRun(rpc, await findHandle(), rows, options);
  const abort = () => run.stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    for await (const outputs of run.batches()) {
      for (const output of downloadedAhead(outputs, run.stop.signal)) {
        if (!output.isLoaded) await settled(output, run.stop.signal);
        yield present(output);
        run.release();
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    await run.finish();
  }
}

/** One map from its first input to its last output. */
class MapRun {
  /** Ends everything that is under way; the reason is what the consumer sees. */
  readonly stop = new AbortController();
  readonly #rpc: ModalRpc;
  readonly #options: MapOptions;
  readonly #feed: MapFeed;
  readonly #order: OutputOrder;
  /** Inputs without an output. What comes for any other index is a duplicate. */
  readonly #unanswered = new Set<number>();
  /** Ends the polling: with `stop`, or when all outputs are there. */
  readonly #polling = new AbortController();
  readonly #pace = new PollPace();
  #functionCallId: string | undefined;
  #cursor = FIRST_CURSOR;
  #numInputs: number | undefined;
  /** Inputs that were admitted and whose output the consumer has not taken yet: what a slow consumer makes us hold. */
  #outstanding = 0;
  #maxOutstanding = DEFAULT_MAX_OUTSTANDING;
  #wakeAdmission: (() => void) | undefined;

  constructor(rpc: ModalRpc, handle: FunctionHandle, rows: InputSource<InputRow>, options: MapOptions) {
    const { kwargs = {}, orderOutputs = true, returnExceptions = false } = options;
    this.#rpc = rpc;
    this.#options = options;
    this.#order = new OutputOrder(orderOutputs);
    this.#feed = new MapFeed(rpc, handle, {
      rows,
      kwargs,
      invocation: FunctionCallInvocationType.SYNC,
      returnExceptions,
      stop: this.stop,
      admit: (index) => this.#admit(index),
    });
    const { signal } = this.stop;
    signal.addEventListener("abort", () => {
      this.#polling.abort(signal.reason);
      this.#wakeAdmission?.();
    });
  }

  /** The outputs whose turn it is, each time there are some. */
  async *batches(): AsyncGenerator<Iterable<Output>> {
    await this.#start();
    let answer = this.#isComplete() ? undefined : this.#poll();
    while (answer) {
      const outputs = await answer;
      // The next poll is under way while the consumer works on this one's outputs.
      answer = this.#isComplete() ? undefined : this.#poll();
      yield this.#order.next(outputs);
    }
  }

  /**
   * Makes room for another input: the consumer has taken an output.
   *
   * @throws the reason of `stop`, so that an abort also ends what was already there
   */
  release(): void {
    this.stop.signal.throwIfAborted();
    this.#outstanding--;
    this.#wakeAdmission?.();
  }

  /** Stops what is left and tells the server that nobody will ask for these outputs again, as Modal's Python SDK does. */
  async finish(): Promise<void> {
    this.stop.abort(new DOMException("The map is over.", "AbortError"));
    if (this.#functionCallId === undefined) return;
    const acknowledgement = { waitMs: 0, clearOnSuccess: true, maxOutputs: 1, retries: NO_RETRIES };
    try {
      await requestOutputs(this.#rpc, { functionCallId: this.#functionCallId, ...acknowledgement });
    } catch {
      // The server keeps the outputs longer than it needs to, which is all that is lost.
    }
  }

  async #start(): Promise<void> {
    const { call, done } = await this.#feed.start();
    this.#functionCallId = call.functionCallId;
    this.#maxOutstanding = call.maxInputsOutstanding || DEFAULT_MAX_OUTSTANDING;
    this.#wakeAdmission?.();
    this.#options.onCall?.(new FunctionCall(this.#rpc, call.functionCallId));
    done.then(
      (numInputs) => {
        this.#numInputs = numInputs;
        // All outputs may have come before the end of the inputs was known: then the open poll waits for nothing.
        if (this.#isComplete()) this.#polling.abort();
      },
      () => {}, // The feed has aborted `stop`, which ends the poll with the same error.
    );
  }

  #poll(): Promise<Output[]> {
    const answer = this.#newOutputs();
    answer.catch(() => {}); // It may fail while the consumer is busy, or has left for good.
    return answer;
  }

  /** The outputs that the server adds to the log after the cursor, without duplicates; empty when there will be none. */
  async #newOutputs(): Promise<Output[]> {
    const functionCallId = this.#functionCallId ?? "";
    const { signal } = this.#polling;
    try {
      const batch = await this.#pace.request(this.#rpc, {
        functionCallId,
        cursor: this.#cursor,
        waitMs: MAX_WAIT_MS,
        references: references(this.#rpc),
        signal,
        retries: GET_OUTPUTS_RETRIES,
      });
      this.#cursor = batch.cursor;
      return batch.outputs.filter(({ index }) => this.#unanswered.delete(index));
    } catch (error) {
      if (this.#isComplete()) return [];
      throw error;
    }
  }

  #isComplete(): boolean {
    return this.#numInputs !== undefined && this.#unanswered.size === 0;
  }

  #admit(index: number): Promise<void> | undefined {
    if (this.#outstanding >= this.#maxOutstanding) return this.#admitLater(index);
    this.#outstanding++;
    this.#unanswered.add(index);
    return undefined;
  }

  async #admitLater(index: number): Promise<void> {
    while (this.#outstanding >= this.#maxOutstanding) {
      this.stop.signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wakeAdmission = resolve;
      });
    }
    this.stop.signal.throwIfAborted();
    await this.#admit(index);
  }
}
