const { FUZZ_RUNS, FUZZ_SEED } = process.env;

/**
 * What fast-check is told: the same few values in every run, or those that `npm run fuzz` asks for. A failure names its seed.
 *
 * @param numRuns how many values are tried where nobody asks for more
 */
export function fuzzed(numRuns: number): { seed: number; numRuns: number } {
  return { seed: Number(FUZZ_SEED ?? 20_261_122), numRuns: Number(FUZZ_RUNS ?? numRuns) };
}
