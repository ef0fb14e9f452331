import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ShownValue } from "../../panel/messages.ts";

/** A result's value as the page has it: asked for, there, or not to be had (one sentence). */
export type CachedValue =
  | { readonly state: "waiting" }
  | { readonly state: "ready"; readonly value: ShownValue }
  | { readonly state: "failed"; readonly message: string };

const WAITING: CachedValue = { state: "waiting" };
const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Whole results, asked for when somebody looks at them. The ones looked at longest ago are let go first. */
export class ValueCache {
  /** In the order of their last use. */
  readonly #entries = new Map<number, Signal<CachedValue>>();
  readonly #request: (index: number) => void;
  readonly #limitBytes: number;
  #sizeBytes = 0;

  constructor(request: (index: number) => void, limitBytes = DEFAULT_LIMIT_BYTES) {
    this.#request = request;
    this.#limitBytes = limitBytes;
  }

  /** The value of the result `index`, requested on first use. The signal stays good after the value was let go. */
  look(index: number): ReadonlySignal<CachedValue> {
    const known = this.#entries.get(index);
    const entry = known ?? signal(WAITING);
    this.#entries.delete(index);
    this.#entries.set(index, entry);
    if (known === undefined) this.#request(index);
    return entry;
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(index: number, value: ShownValue): void {
    const entry = this.#entries.get(index);
    if (entry?.peek().state !== "waiting") return;
    entry.value = { state: "ready", value };
    this.#sizeBytes += sizeBytes(value);
    this.#letGo(index);
  }

  /** The next look asks again. */
  fail(index: number, message: string): void {
    const entry = this.#entries.get(index);
    if (entry?.peek().state !== "waiting") return;
    entry.value = { state: "failed", message };
    this.#entries.delete(index);
  }

  clear(): void {
    this.#entries.clear();
    this.#sizeBytes = 0;
  }

  #letGo(newest: number): void {
    for (const [index, entry] of this.#entries) {
      if (this.#sizeBytes <= this.#limitBytes) return;
      const cached = entry.peek();
      if (cached.state !== "ready" || index === newest) continue;
      this.#sizeBytes -= sizeBytes(cached.value);
      this.#entries.delete(index);
    }
  }
}

/** Roughly what a value holds in memory. */
function sizeBytes(value: ShownValue): number {
  switch (value.kind) {
    case "json":
    case "text":
      return value.text.length * 2;
    case "image":
    case "audio":
      return value.bytes.byteLength;
    case "bytes":
      return value.head.byteLength;
    case "error":
      return (value.message.length + value.traceback.length) * 2;
    case "opaque":
      return value.label.length * 2;
  }
}
