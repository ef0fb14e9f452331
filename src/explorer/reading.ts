import type { ExplorerNode } from "./nodes.ts";

/** A row, or undefined for the tree as a whole. */
type Place = ExplorerNode | undefined;

/**
 * What of the tree is being read. VS Code forgets that a row was to unfold when the row changes meanwhile, and all of them when the
 * tree as a whole does: what changes waits until the reading is done.
 */
export class Reading {
  readonly #running: Place[] = [];
  readonly #waiting = new Map<Place, () => void>();

  /** Reads what is below a place. */
  async during<T>(place: Place, read: () => Promise<T>): Promise<T> {
    this.#running.push(place);
    try {
      return await read();
    } finally {
      this.#running.splice(this.#running.indexOf(place), 1);
      setTimeout(() => this.#goOn()); // After VS Code has taken what was read.
    }
  }

  isRead(place: Place): boolean {
    return this.#running.includes(place);
  }

  /** Does something once a place is not being read; for the tree as a whole, once nothing is. Only the last thing for a place is done. */
  whenDone(place: Place, change: () => void): void {
    if (this.#mustWait(place)) this.#waiting.set(place, change);
    else change();
  }

  #mustWait(place: Place): boolean {
    return place === undefined ? this.#running.length > 0 : this.isRead(place) || this.isRead(undefined);
  }

  #goOn(): void {
    for (const [place, change] of [...this.#waiting]) {
      if (this.#mustWait(place)) continue;
      this.#waiting.delete(place);
      change();
    }
  }
}
