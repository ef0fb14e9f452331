/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The same by somebody else, e.g. Python's ProcessPoolExecutor or Modal's JavaScript SDK. */
  readonly peer?: number | undefined;
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
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function tableRow({ name, unit, ours, peer }: Figure): object {
  const ratio = peer === undefined ? {} : { peer: rounded(peer), ratio: (ours / peer).toFixed(2) };
  return { figure: name, unit, Spawnpoint: rounded(ours), ...ratio };
}

function rounded(value: number): string {
  return value.toPrecision(value >= 1_000 ? 5 : 3);
}
