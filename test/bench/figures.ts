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
  /** Of a profile: what it goes to, as parts of 1, the largest first. */
  readonly shares?: Readonly<Record<string, number>>;
}

const figures: Figure[] = [];

/** Prints a figure as a line of JSON, and keeps it for the table and the history. */
export function report(figure: Figure): void {
  figures.push(figure);
  console.log(JSON.stringify(figure));
}

/** Everything that was reported since this was asked last. */
export function takeFigures(): Figure[] {
  return figures.splice(0);
}

/** A figure as a row of a table: what it is, ours, the peer's, their ratio, and what must hold. */
export interface FigureRow {
  readonly figure: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: string;
  readonly mustHold: string;
}

export function figureRow({ name, unit, ours, peer, ...must }: Figure): FigureRow {
  const valued = (value: number) => `${rounded(value)} ${unit}`.trim();
  return {
    figure: name,
    ours: valued(ours),
    peer: peer === undefined ? "" : valued(peer),
    ratio: peer === undefined ? "" : (ours / peer).toFixed(2),
    mustHold: mustHold(ours, peer, must),
  };
}

/** What a profile says, e.g. `grpc-js 21 %, store 17 %`. */
export function sharesText(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${Math.round(share * 100)} %`)
    .join(", ");
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

function mustHold(
  ours: number,
  peer = Number.NaN,
  { limit, ratioAtLeast, ratioAtMost }: Pick<Figure, "limit" | keyof RatioLimit>,
): string {
  const ratio = ours / peer;
  if (limit !== undefined) return `at most ${limit} ${mark(ours <= limit)}`;
  if (ratioAtLeast !== undefined) return `at least ${ratioAtLeast} × ${mark(ratio >= ratioAtLeast)}`;
  if (ratioAtMost !== undefined) return `at most ${ratioAtMost} × ${mark(ratio <= ratioAtMost)}`;
  return "";
}

function mark(holds: boolean): string {
  return holds ? "✔" : "✖";
}

/** Three digits that count, or all before the point; `1234` as `1,234`. */
function rounded(value: number): string {
  return value.toLocaleString("en", value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
