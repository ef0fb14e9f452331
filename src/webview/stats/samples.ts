import type { StatsSample } from "../../panel/messages.ts";

/** More points than a chart has pixels help nobody; a long call is thinned to half of this when it gets there. */
const MOST_SAMPLES = 4000;

/** Throughput is taken over this long, so that single inputs do not make it jump. */
const THROUGHPUT_WINDOW_MS = 2000;

/** `known` with `arrived` after it, thinned evenly when there are too many. */
export function appendSamples(known: readonly StatsSample[], arrived: readonly StatsSample[]): readonly StatsSample[] {
  const samples = [...known, ...arrived];
  if (samples.length <= MOST_SAMPLES) return samples;
  return samples.filter((_, position) => position % 2 === 0 || position === samples.length - 1);
}

/** Finished inputs per second at each sample, over the two seconds before it. The first sample has none: 0. */
export function throughputPerSecond(samples: readonly StatsSample[]): number[] {
  let start = 0;
  return samples.map((sample) => {
    while (sample.at - (samples[start + 1] ?? sample).at >= THROUGHPUT_WINDOW_MS) start++;
    const first = samples[start] ?? sample;
    const elapsedMs = sample.at - first.at;
    return elapsedMs > 0 ? Math.max(0, ((sample.finished - first.finished) * 1000) / elapsedMs) : 0;
  });
}
