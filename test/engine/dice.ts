/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, and without, 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number {
    return Math.floor(this.roll() * limit);
  }

  chance(probability: number): boolean {
    return this.roll() < probability;
  }

  /** One of several; undefined of none. */
  pick<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }
}

/**
 * Runs schedules one after another, each with a seed of its own. `SIMULATION_SEED` runs the one of that seed alone, and
 * `SIMULATION_RUNS` another number of them.
 *
 * @throws Error with the seed of the schedule that failed, and its failure as cause
 */
export async function runSchedules(count: number, run: (seed: number) => Promise<void>): Promise<void> {
  const { SIMULATION_SEED, SIMULATION_RUNS } = process.env;
  const first = Number(SIMULATION_SEED ?? 1);
  const last = SIMULATION_SEED ? first : Number(SIMULATION_RUNS ?? count);
  for (let seed = first; seed <= last; seed++) {
    try {
      await run(seed);
    } catch (cause) {
      throw new Error(`The schedule of seed ${seed} went wrong; SIMULATION_SEED=${seed} runs it alone.`, { cause });
    }
  }
}
