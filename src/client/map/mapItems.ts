import type { FunctionPutInputsItem, FunctionRetryPolicy } from "../../proto/gen/modal_pb.js";
import type { Output } from "../calls/output.ts";
import type { AcceptedInput } from "../planes/mapPlane.ts";
import { retryDelayMs } from "../planes/retryDelay.ts";

/** An input that may be tried again. */
export interface MapItem {
  readonly input: FunctionPutInputsItem;
  /** Of the latest attempt; undefined while the request that makes it is not answered. */
  token: string | undefined;
  /** How often the input was tried again. An output of any other attempt counts for nothing. */
  retryCount: number;
  /** Whether another attempt is due, now or after a pause. */
  willRetry: boolean;
  /** Called once, with the next token. */
  onToken: (() => void) | undefined;
}

/** Makes another attempt at an input, after a pause in milliseconds. */
export type Retry = (item: MapItem, delayMs: number) => void;

/**
 * The inputs of a map that have no final output. By the rules of Modal's Python SDK (`py/modal/parallel_map.py`): each retry counts,
 * also that of a lost input and of a failure of Modal's machinery; these two are tried again whatever the count.
 */
export class MapItems {
  /** By index; nothing is kept of an input that cannot be tried again. */
  readonly #items = new Map<number, MapItem | undefined>();
  readonly #retry: Retry;
  #policy: FunctionRetryPolicy | undefined;
  #keepsInputs = true;

  constructor(retry: Retry) {
    this.#retry = retry;
  }

  get size(): number {
    return this.#items.size;
  }

  /** Follows the function's policy from now on. Without one nothing is tried again. */
  followPolicy(policy: FunctionRetryPolicy | undefined): void {
    this.#policy = policy;
    this.#keepsInputs = policy !== undefined;
    if (!this.#keepsInputs) for (const index of this.#items.keys()) this.#items.set(index, undefined);
  }

  /** Takes inputs that are about to be sent. */
  add(inputs: readonly FunctionPutInputsItem[]): void {
    for (const input of inputs) {
      const item = { input, token: undefined, retryCount: 0, willRetry: false, onToken: undefined };
      this.#items.set(input.idx, this.#keepsInputs ? item : undefined);
    }
  }

  /** Notes the tokens of inputs that the server has taken. */
  accept(inputs: readonly AcceptedInput[]): void {
    if (!this.#keepsInputs) return;
    for (const { index, token } of inputs) {
      const item = this.#items.get(index);
      if (!item) continue;
      item.token = token;
      item.onToken?.();
      item.onToken = undefined;
    }
  }

  /** The inputs whose output is waited for, where the server has to be asked about them. */
  *waiting(): Generator<{ readonly item: MapItem; readonly token: string }> {
    if (!this.#keepsInputs) return;
    for (const item of this.#items.values()) {
      if (item?.token !== undefined && !item.willRetry) yield { item, token: item.token };
    }
  }

  /** Takes an output, and says whether it is final. It is not when it comes twice, too late, or its input is tried again. */
  receive(output: Output): boolean {
    if (!this.#items.has(output.index)) return false;
    const item = this.#items.get(output.index);
    if (item && !this.#isFinal(item, output)) return false;
    return this.#items.delete(output.index);
  }

  /** Tries an input again that the server has lost, unless something else became of this attempt meanwhile. */
  lose(item: MapItem, token: string): void {
    if (this.#items.get(item.input.idx) !== item || item.token !== token || item.willRetry) return;
    item.retryCount++;
    this.#tryAgain(item, 0);
  }

  #isFinal(item: MapItem, { status, retryCount }: Output): boolean {
    if (retryCount !== item.retryCount) return false;
    if (status === "SUCCESS" || status === "TERMINATED") return true;
    item.retryCount++;
    const delayMs = status === "INTERNAL_FAILURE" ? 0 : retryDelayMs(this.#policy, item.retryCount);
    if (delayMs === undefined) return true;
    this.#tryAgain(item, delayMs);
    return false;
  }

  #tryAgain(item: MapItem, delayMs: number): void {
    item.willRetry = true;
    this.#retry(item, delayMs);
  }
}
