/** What must hold of the ratio of ours to the peer's. */
export interface RatioLimit {
  readonly ratioAtLeast?: number;
  readonly ratioAtMost?: number;
}

/** One thing that was measured. */
export interface Figure extends RatioLimit {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The same by somebody else, e.g. Python's ProcessPoolExecutor or Modal's JavaScript SDK. */
  readonly peer?: number | undefined;
  /** The most that it may be. */
  readonly limit?: number;
}

const figures: Figure[] = [];

/** Prints a figure as a line of JSON, and keeps it for the table. */
export function report(figure: Figure): void {
  figures.push(figure);
  console.log(JSON.stringify(figure));
}

/** Prints everything that was reported. */
export function printTable(): void {
  console.table(figures.map(tableRow));
}

/** How long something takes, in milliseconds. */
export async function durationMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export async function repeated<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const values: T[] = [];
  while (values.length < times) values.push(await measure());
  return values;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share of the values that are no greater, from 0 to below 1 */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN;
}

function tableRow(figure: Figure): object {
  const { name, unit, ours, peer } = figure;
  const ratio = peer === undefined ? {} : { peer: rounded(peer), ratio: (ours / peer).toFixed(2) };
  return { figure: name, unit, Spawnpoint: rounded(ours), ...ratio, ...mustHold(figure) };
}

function mustHold({ ours, peer = Number.NaN, limit, ratioAtLeast, ratioAtMost }: Figure): object {
  const ratio = ours / peer;
  if (limit !== undefined) return { "must hold": `at most ${limit} ${mark(ours <= limit)}` };
  if (ratioAtLeast !== undefined) return { "must hold": `at least ${ratioAtLeast} x ${mark(ratio >= ratioAtLeast)}` };
  if (ratioAtMost !== undefined) return { "must hold": `at most ${ratioAtMost} x ${mark(ratio <= ratioAtMost)}` };
  return {};
}

function mark(holds: boolean): string {
  return holds ? "✔" : "✖";
}

function rounded(value: number): string {
  return value.toPrecision(value >= 1_000 ? 5 : 3);
}
