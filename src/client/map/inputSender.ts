import type { FunctionPutInputsItem } from "../../proto/gen/modal_pb.js";

/** The most that goes into one request, beside the number of inputs. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** So that the server always has the next batch when it is done with one. More would only cost memory. */
const MAX_IN_FLIGHT = 2;

/** Takes one batch to the server. */
export type SendBatch = (batch: FunctionPutInputsItem[]) => Promise<unknown>;

/**
 * Numbers inputs and sends them in batches. What was added in one turn of the event loop goes out together; a batch that is not
 * full waits while another is under way, so batches grow with the load. A failed batch aborts `stop`.
 */
export class InputSender {
  readonly #maxBatchInputs: number;
  readonly #stop: AbortController;
  #send: SendBatch | undefined;
  #queue: FunctionPutInputsItem[] = [];
  #queuedBytes = 0;
  #added = 0;
  #inFlight = 0;
  #isScheduled = false;
  #isEnded = false;
  #waiting: (() => void)[] = [];

  constructor(maxBatchInputs: number, stop: AbortController) {
    this.#maxBatchInputs = maxBatchInputs;
    this.#stop = stop;
    stop.signal.addEventListener("abort", () => this.#wake(), { once: true });
  }

  /** How many inputs were added. */
  get added(): number {
    return this.#added;
  }

  /** Numbers an input and queues it. When there is no room for the next one, returns a promise of it, which rejects when `stop` is aborted. */
  add(input: FunctionPutInputsItem): Promise<void> | undefined {
    input.idx = this.#added;
    this.#queue.push(input);
    this.#queuedBytes += sizeOf(input);
    this.#added++;
    if (!this.#send) this.#wake();
    else if (!this.#hasFullBatch()) this.#schedule();
    else this.#pump();
    return this.#hasFullBatch() ? this.#until(() => !this.#hasFullBatch()) : undefined;
  }

  /** Resolves when there is an input to send, or will be none. Rejects when `stop` is aborted. */
  async ready(): Promise<void> {
    await this.#until(() => this.#queue.length > 0 || this.#isEnded);
  }

  /** Removes the next batch from the queue, to be sent by the caller. */
  take(): FunctionPutInputsItem[] {
    let count = 0;
    let bytes = 0;
    for (const input of this.#queue.slice(0, this.#maxBatchInputs)) {
      const size = sizeOf(input);
      if (count > 0 && bytes + size > MAX_BATCH_BYTES) break;
      bytes += size;
      count++;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  /** Begins to send what is queued, and before that what `take` had removed and could not be sent. */
  open(send: SendBatch, unsent: readonly FunctionPutInputsItem[]): void {
    this.#send = send;
    this.#queue.unshift(...unsent);
    for (const input of unsent) this.#queuedBytes += sizeOf(input);
    this.#pump();
  }

  /** Says that all inputs were added. Resolves when the server has accepted them, and rejects when `stop` is aborted. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#wake();
    await this.#until(() => this.#send !== undefined && this.#queue.length === 0 && this.#inFlight === 0);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#inFlight > 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const send = this.#send;
    if (!send) return;
    while (this.#queue.length > 0 && !this.#stop.signal.aborted && this.#maySend()) void this.#sendBatch(send);
    this.#wake();
  }

  #maySend(): boolean {
    return this.#inFlight === 0 || (this.#inFlight < MAX_IN_FLIGHT && this.#hasFullBatch());
  }

  async #sendBatch(send: SendBatch): Promise<void> {
    this.#inFlight++;
    try {
      await send(this.take());
    } catch (error) {
      this.#stop.abort(error);
    } finally {
      this.#inFlight--;
      this.#pump();
    }
  }

  #hasFullBatch(): boolean {
    return this.#queue.length >= this.#maxBatchInputs || this.#queuedBytes >= MAX_BATCH_BYTES;
  }

  async #until(isTrue: () => boolean): Promise<void> {
    for (;;) {
      this.#stop.signal.throwIfAborted();
      if (isTrue()) return;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function sizeOf({ input }: FunctionPutInputsItem): number {
  return input?.argsOneof.case === "args" ? input.argsOneof.value.length : 0;
}
