const { FUZZ_TIMES, FUZZ_SEED } = process.env;

/**
 * What fast-check is told: the same few values in every run, or more of others where `npm run fuzz` asks for them. A failure names its seed.
 *
 * @param numRuns how many values the tests try
 */
export function fuzzed(numRuns: number): { seed: number; numRuns: number } {
  return { seed: Number(FUZZ_SEED ?? 20_261_122), numRuns: numRuns * Number(FUZZ_TIMES ?? 1) };
}

/** How long a test may take that is fuzzed: only ends what hangs. */
export const FUZZ_LIMIT = { timeout: FUZZ_TIMES ? 3_600_000 : 200_000 };
