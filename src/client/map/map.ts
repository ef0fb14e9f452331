import { FunctionCallInvocationType } from "../../proto/gen/modal_pb.js";
import { FunctionCall, references } from "../calls/functionCall.ts";
import type { Output } from "../calls/output.ts";
import { MAX_WAIT_MS } from "../calls/outputs.ts";
import { PollPace } from "../calls/pollPace.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { type Pause, pause } from "../connection/retry.ts";
import type { FunctionHandle } from "../functions/functionHandle.ts";
import { inputEncoder } from "../functions/functionInput.ts";
import type { RemoteOptions } from "../functions/invocation.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";
import { ControlPlaneMap } from "../planes/controlPlaneMap.ts";
import { inputPlaneAddress } from "../planes/inputPlane.ts";
import { InputPlaneMap } from "../planes/inputPlaneMap.ts";
import type { MapPlane } from "../planes/mapPlane.ts";
import { Admission } from "./admission.ts";
import { watchLostInputs } from "./lostInputs.ts";
import { MapFeed } from "./mapFeed.ts";
import { MapItems } from "./mapItems.ts";
import { MapRetries } from "./mapRetries.ts";
import type { InputRow, InputSource } from "./mapRows.ts";
import { downloadedAhead, settled } from "./outputDownloads.ts";
import { OutputOrder } from "./outputOrder.ts";

/** How a map runs. */
export interface MapOptions extends RemoteOptions {
  /** Keyword arguments of every input. */
  readonly kwargs?: Kwargs;
  /** Whether results come in the order of the inputs or as they are made. Default: true. */
  readonly orderOutputs?: boolean;
  /** Whether a failed input yields its error and the map goes on. Default: false, the first failure is raised. */
  readonly returnExceptions?: boolean;
}

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
  wait: Pause = pause,
): AsyncGenerator<T> {
  const { signal } = options;
  signal?.throwIfAborted();
  const run = new MapRun(rpc, await findHandle(), rows, options, wait);
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
  readonly #plane: MapPlane;
  readonly #inputPlaneFunctionId: string | undefined;
  readonly #feed: MapFeed;
  readonly #items: MapItems;
  readonly #admission: Admission;
  readonly #order: OutputOrder;
  /** Ends the polling: with `stop`, or when all outputs are there. */
  readonly #polling = new AbortController();
  readonly #pace = new PollPace();
  readonly #pause: Pause;
  #isCall = false;
  #cursor: string;
  #numInputs: number | undefined;

  constructor(
    rpc: ModalRpc,
    handle: FunctionHandle,
    rows: InputSource<InputRow>,
    options: MapOptions,
    pauseBetween: Pause,
  ) {
    const { kwargs = {}, orderOutputs = true } = options;
    this.#rpc = rpc;
    this.#options = options;
    this.#pause = pauseBetween;
    this.#order = new OutputOrder(orderOutputs);
    this.#plane = mapPlane(rpc, handle, options);
    this.#inputPlaneFunctionId = inputPlaneAddress(handle) && handle.functionId;
    this.#cursor = this.#plane.firstCursor;
    this.#admission = new Admission(this.#plane.maxBatchInputs, this.stop.signal);
    const retries = new MapRetries(this.#plane, this.stop, pauseBetween);
    this.#items = new MapItems((item, delayMs) => retries.add(this.#items, item, delayMs));
    this.#feed = new MapFeed(this.#plane, {
      rows,
      kwargs,
      encode: inputEncoder(rpc, handle, false, this.stop.signal),
      stop: this.stop,
      admit: () => this.#admission.enter(),
      items: this.#items,
    });
    const { signal } = this.stop;
    signal.addEventListener("abort", () => this.#polling.abort(signal.reason));
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
    this.#admission.leave();
  }

  /** Stops what is left, and tells the server that nobody will ask for these outputs again. */
  async finish(): Promise<void> {
    this.stop.abort(new DOMException("The map is over.", "AbortError"));
    if (this.#isCall) await this.#plane.acknowledge();
  }

  async #start(): Promise<void> {
    const { start, done } = await this.#feed.start();
    if (!start) {
      this.#numInputs = await done;
      return;
    }
    this.#isCall = true;
    this.#admission.allow(start.maxInputsOutstanding);
    if (start.functionCallId)
      this.#options.onCall?.(new FunctionCall(this.#rpc, start.functionCallId, this.#inputPlaneFunctionId));
    this.#watchLostInputs();
    done.then(
      (numInputs) => {
        this.#numInputs = numInputs;
        // All outputs may have come before the end of the inputs was known: then the open poll waits for nothing.
        if (this.#isComplete()) this.#polling.abort();
      },
      () => {}, // The feed has aborted `stop`, which ends the poll with the same error.
    );
  }

  #watchLostInputs(): void {
    const { signal } = this.#polling;
    watchLostInputs(this.#plane, this.#items, () => this.#cursor, signal, this.#pause).catch((error: unknown) => {
      if (!signal.aborted) this.stop.abort(error);
    });
  }

  #poll(): Promise<Output[]> {
    const answer = this.#newOutputs();
    answer.catch(() => {}); // It may fail while the consumer is busy, or has left for good.
    return answer;
  }

  /** The final outputs among those that the server adds to the log after the cursor; empty when there will be none. */
  async #newOutputs(): Promise<Output[]> {
    const { signal } = this.#polling;
    const tokens = Array.from(this.#items.waiting(), ({ token }) => token);
    try {
      const { outputs, cursor } = await this.#pace.ask(
        () => this.#plane.outputs(this.#cursor, tokens, signal),
        (answer) => answer.outputs.length === 0,
        { waitMs: MAX_WAIT_MS, signal },
      );
      this.#cursor = cursor;
      return outputs.filter((output) => this.#items.receive(output));
    } catch (error) {
      if (this.#isComplete()) return [];
      throw error;
    }
  }

  #isComplete(): boolean {
    return this.#numInputs !== undefined && this.#items.size === 0;
  }
}

function mapPlane(rpc: ModalRpc, handle: FunctionHandle, { returnExceptions = false }: MapOptions): MapPlane {
  const { functionId } = handle;
  const address = inputPlaneAddress(handle);
  if (address) return new InputPlaneMap({ rpc: rpc.inputPlane(address), functionId, references: references(rpc) });
  const invocation = FunctionCallInvocationType.SYNC;
  return new ControlPlaneMap({ rpc, functionId, invocation, returnExceptions, references: references(rpc) });
}
