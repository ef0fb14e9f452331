/**
 * Passes values on in the order in which they were added, though some are still being made. A value that is there, with none before
 * it that is not, costs nothing.
 */
export class InOrder<T> {
  readonly #maxPending: number;
  readonly #pass: (value: T) => Promise<void> | undefined;
  readonly #fail: (error: unknown) => void;
  /** Each settles after the one before it. */
  readonly #pending: Promise<void>[] = [];

  /**
   * @param maxPending how many values may be waiting for their turn
   * @param pass takes a value; a promise holds back those after it
   * @param fail told at once when a value cannot be made or passed; none after it will be
   */
  constructor(maxPending: number, pass: (value: T) => Promise<void> | undefined, fail: (error: unknown) => void) {
    this.#maxPending = maxPending;
    this.#pass = pass;
    this.#fail = fail;
  }

  /** Adds a value. When there is no room for the next one, returns a promise of it, which rejects when a value failed. */
  add(value: T | Promise<T>): Promise<void> | undefined {
    if (this.#pending.length === 0 && !(value instanceof Promise)) return this.#pass(value);
    const before = this.#pending.at(-1);
    const passed = this.#passAfter(before, value);
    passed.catch(this.#fail);
    this.#pending.push(passed);
    return this.#pending.length < this.#maxPending ? undefined : this.#pending[0];
  }

  /** Resolves when everything was passed on, and rejects when something failed. */
  async drain(): Promise<void> {
    await this.#pending.at(-1);
  }

  async #passAfter(before: Promise<void> | undefined, value: T | Promise<T>): Promise<void> {
    const [made] = await Promise.all([value, before]);
    await this.#pass(made);
    void this.#pending.shift(); // This one.
  }
}
