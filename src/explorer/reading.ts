import type { ExplorerNode } from "./nodes.ts";

/** A row, or undefined for the tree as a whole. */
type Place = ExplorerNode | undefined;

/** VS Code has drawn what was read by then, also where it is far away or busy. */
const SETTLED_MS = 300;

/**
 * What of the tree is being read. VS Code forgets that a row was to unfold when the row changes meanwhile, and all of them when the
 * tree as a whole does: what changes waits until the reading is done and drawn.
 */
export class Reading {
  readonly #running: Place[] = [];
  /** What was read but may not be drawn yet. */
  readonly #settling: Place[] = [];
  readonly #waiting = new Map<Place, () => void>();

  /** Reads what is below a place. */
  async during<T>(place: Place, read: () => Promise<T>): Promise<T> {
    this.#running.push(place);
    try {
      return await read();
    } finally {
      this.#running.splice(this.#running.indexOf(place), 1);
      this.#settling.push(place);
      setTimeout(() => this.#settled(place), SETTLED_MS);
    }
  }

  isRead(place: Place): boolean {
    return this.#running.includes(place);
  }

  /** Whether a place is being read, or was only just. */
  isUnsettled(place: Place): boolean {
    return this.#running.includes(place) || this.#settling.includes(place);
  }

  /** Does something once a place is settled; for the tree as a whole, once all of it is. Only the last thing for a place is done. */
  whenSettled(place: Place, change: () => void): void {
    if (this.#mustWait(place)) this.#waiting.set(place, change);
    else change();
  }

  #mustWait(place: Place): boolean {
    if (place === undefined) return this.#running.length + this.#settling.length > 0;
    return this.isUnsettled(place) || this.isUnsettled(undefined);
  }

  #settled(settled: Place): void {
    this.#settling.splice(this.#settling.indexOf(settled), 1);
    for (const [place, change] of [...this.#waiting]) {
      if (this.#mustWait(place)) continue;
      this.#waiting.delete(place);
      change();
    }
  }
}
