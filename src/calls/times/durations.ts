/** Neighbouring buckets differ by this factor, so a quantile is off by at most 1 %. */
const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);
/** In milliseconds; what is shorter counts as this. */
const SHORTEST_MS = 0.01;

/** Durations, counted in buckets whose width grows with them: quantiles of any number of them without keeping each. */
export class Durations {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(durationMs: number): void {
    const bucket = Math.round(Math.log(Math.max(durationMs, SHORTEST_MS)) / LOG_GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
  }

  /** The smallest duration that this part of all, from 0 to 1, does not exceed, to within 1 %. Undefined: there are none. */
  quantile(part: number): number | undefined {
    let left = Math.max(1, Math.ceil(part * this.#count));
    for (const [bucket, count] of [...this.#buckets].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return GROWTH ** bucket;
    }
    return undefined;
  }
}
