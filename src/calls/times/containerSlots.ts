import type { ResultRow } from "../model.ts";

/** The inputs that one container ran, in as many slots as it ran at the same time: within a slot, one after the other. */
export class ContainerSlots {
  readonly containerId: string;
  readonly #slots: ResultRow[][] = [];
  #inputs = 0;
  #busyMs = 0;
  #longest: ResultRow | undefined;

  constructor(containerId: string) {
    this.containerId = containerId;
  }

  /** By their beginnings. */
  get slots(): readonly (readonly ResultRow[])[] {
    return this.#slots;
  }

  get inputs(): number {
    return this.#inputs;
  }

  /** How long the inputs ran, all added up. */
  get busyMs(): number {
    return this.#busyMs;
  }

  get longest(): ResultRow | undefined {
    return this.#longest;
  }

  /** When its first input began. */
  get firstStart(): number {
    return this.#slots.reduce((first, slot) => Math.min(first, slot[0]?.startedAt ?? first), Number.POSITIVE_INFINITY);
  }

  get lastEnd(): number {
    return this.#slots.reduce((last, slot) => Math.max(last, slot.at(-1)?.finishedAt ?? last), 0);
  }

  add(row: ResultRow): void {
    this.#inputs += 1;
    const runMs = runTime(row);
    this.#busyMs += runMs;
    if (!this.#longest || runMs > runTime(this.#longest)) this.#longest = row;
    for (const slot of this.#slots) {
      const place = firstAfter(slot, row.startedAt);
      const before = slot[place - 1];
      const after = slot[place];
      if ((before && before.finishedAt > row.startedAt) || (after && after.startedAt < row.finishedAt)) continue;
      slot.splice(place, 0, row);
      return;
    }
    this.#slots.push([row]);
  }
}

/** Clocks can disagree by a little, which must not show as a negative time. */
export function runTime({ startedAt, finishedAt }: ResultRow): number {
  return Math.max(0, finishedAt - startedAt);
}

/** Position of the first row that begins later. */
export function firstAfter(slot: readonly ResultRow[], at: number): number {
  let [low, high] = [0, slot.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slot[middle]?.startedAt ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
