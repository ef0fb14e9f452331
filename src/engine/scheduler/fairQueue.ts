import type { ActiveCall } from "./activeCall.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** Waiting inputs of one function: in order within a call, and calls take turns, so that a large map does not starve a single call. */
export class FairQueue {
  /** Insertion order is the order of turns. */
  readonly #lines = new Map<ActiveCall, Line>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Since when the input waits that waits longest, in milliseconds. */
  get oldestAt(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const line of this.#lines.values()) oldest = Math.min(oldest, line.first?.queuedAt ?? oldest);
    return oldest;
  }

  push(input: ScheduledInput): void {
    this.#line(input.call).push(input);
    this.#size += 1;
  }

  /** Puts an input back where it stood in its call: it had its turn already. */
  putBack(input: ScheduledInput): void {
    this.#line(input.call).putBack(input);
    this.#size += 1;
  }

  shift(): ScheduledInput | undefined {
    const turn = this.#lines.entries().next();
    if (turn.done) return undefined;
    const [call, line] = turn.value;
    const input = line.shift();
    this.#size -= 1;
    this.#lines.delete(call);
    if (line.length > 0) this.#lines.set(call, line);
    return input;
  }

  /** Takes out all inputs of a call. */
  remove(call: ActiveCall): ScheduledInput[] {
    const inputs = this.#lines.get(call)?.drain() ?? [];
    this.#lines.delete(call);
    this.#size -= inputs.length;
    return inputs;
  }

  /** Takes out everything. */
  removeAll(): ScheduledInput[] {
    return [...this.#lines.keys()].flatMap((call) => this.remove(call));
  }

  #line(call: ActiveCall): Line {
    let line = this.#lines.get(call);
    if (!line) {
      line = new Line();
      this.#lines.set(call, line);
    }
    return line;
  }
}

/** First in, first out; taking from an array's front is linear in its length, so a head moves instead. */
class Line {
  #items: ScheduledInput[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): ScheduledInput | undefined {
    return this.#items[this.#head];
  }

  push(input: ScheduledInput): void {
    this.#items.push(input);
  }

  /** Only inputs that were taken from here come back, so their place is near the head. */
  putBack(input: ScheduledInput): void {
    let place = this.#head;
    while (place < this.#items.length && (this.#items[place]?.key ?? 0) < input.key) place += 1;
    if (place === this.#head && place > 0) this.#items[--this.#head] = input;
    else this.#items.splice(place, 0, input);
  }

  shift(): ScheduledInput | undefined {
    const input = this.#items[this.#head++];
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return input;
  }

  drain(): ScheduledInput[] {
    return this.#items.slice(this.#head);
  }
}
