import { endReason } from "../../../proto/processEnd.ts";
import type { InputKey } from "../../ids.ts";
import type { Worker, WorkerEvents, WorkerInput } from "../worker.ts";

/** A container that waits for its process. */
export class WaitingWorker implements Worker {
  readonly #events: WorkerEvents;
  #worker: Worker | undefined;
  #ended = false;

  constructor(events: WorkerEvents) {
    this.#events = events;
  }

  /** Told to end before it had a process: it needs none any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Gives it what it waited for. What `start` throws is how the container ends. */
  begin(start: () => Worker): void {
    if (this.#ended) return;
    try {
      this.#worker = start();
    } catch (error) {
      this.#end(`could not be started (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  send(inputs: readonly WorkerInput[]): void {
    this.#worker?.send(inputs);
  }

  recall(inputs: readonly InputKey[]): void {
    this.#worker?.recall(inputs);
  }

  cancel(inputs: readonly InputKey[]): void {
    this.#worker?.cancel(inputs);
  }

  stop(): void {
    if (this.#worker) this.#worker.stop();
    else this.#end(endReason(0, null));
  }

  kill(): void {
    if (this.#worker) this.#worker.kill();
    else this.#end(endReason(null, "SIGKILL"));
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    // Whoever ends a container does not expect to hear of it meanwhile.
    setImmediate(() => this.#events.exited(reason));
  }
}
