import type { Pause } from "../connection/retry.ts";
import type { MapPlane, RetriedInput } from "../planes/mapPlane.ts";
import type { MapItem, MapItems } from "./mapItems.ts";

/** Tries inputs of a map again: each after its pause, in batches, one request at a time. A failed request aborts `stop`. */
export class MapRetries {
  readonly #plane: MapPlane;
  readonly #stop: AbortController;
  readonly #pause: Pause;
  /** Inputs whose pause is over, and whose latest token is known. */
  #due: RetriedInput[] = [];
  #isSending = false;

  constructor(plane: MapPlane, stop: AbortController, pause: Pause) {
    this.#plane = plane;
    this.#stop = stop;
    this.#pause = pause;
  }

  add(items: MapItems, item: MapItem, delayMs: number): void {
    const pause = delayMs > 0 ? this.#pause(delayMs, this.#stop.signal) : Promise.resolve();
    pause.then(
      () => this.#makeDue(items, item),
      () => {}, // The map is over.
    );
  }

  #makeDue(items: MapItems, item: MapItem): void {
    const { input, token, retryCount } = item;
    if (token === undefined) {
      // The output came before the answer to the request that had sent the input.
      item.onToken = () => this.#makeDue(items, item);
      return;
    }
    item.token = undefined;
    item.willRetry = false;
    this.#due.push({ item: input, token, retryCount });
    void this.#send(items);
  }

  async #send(items: MapItems): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      // What becomes due in one turn goes out together.
      await Promise.resolve();
      while (this.#due.length > 0) {
        const batch = this.#due.splice(0, this.#plane.maxBatchRetries);
        items.accept(await this.#plane.retry(batch, this.#stop.signal));
      }
    } catch (error) {
      this.#stop.abort(error);
    } finally {
      this.#isSending = false;
    }
  }
}
