import type { InputKey } from "../../ids.ts";
import type { WorkerInput } from "../worker.ts";

/** What a container runs together: an input, or a batch of them. */
type Batch = readonly WorkerInput[];

/** Batches that wait until their container fetches them. */
export class WaitingBatches {
  readonly #batches: Batch[] = [];
  #stopped = false;
  /** Gives the container that asks what there is, if there is something. */
  #fetch: (() => void) | undefined;

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  push(batches: readonly Batch[]): void {
    this.#batches.push(...batches);
    this.#fetch?.();
  }

  /** Says that no more will come. */
  stop(): void {
    this.#stopped = true;
    this.#fetch?.();
  }

  /** Takes those of these inputs back that were not fetched. */
  remove(keys: readonly InputKey[]): WorkerInput[] {
    const wanted = new Set(keys);
    const removed: WorkerInput[] = [];
    for (const batch of this.#batches.splice(0)) {
      removed.push(...batch.filter(({ key }) => wanted.has(key)));
      const rest = batch.filter(({ key }) => !wanted.has(key));
      if (rest.length > 0) this.#batches.push(rest);
    }
    return removed;
  }

  /**
   * The next batch, as soon as there is one.
   *
   * @param signal aborts when the container does not wait for it any more
   * @returns undefined when there will be none
   */
  next(signal: AbortSignal): Promise<Batch | undefined> {
    return new Promise((resolve) => {
      const take = () => {
        if (!signal.aborted && !this.#stopped && this.#batches.length === 0) return;
        this.#fetch = undefined;
        signal.removeEventListener("abort", take);
        resolve(signal.aborted ? undefined : this.#batches.shift());
      };
      this.#fetch = take;
      signal.addEventListener("abort", take, { once: true });
      take();
    });
  }
}
