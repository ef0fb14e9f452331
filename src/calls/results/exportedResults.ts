import { stringify } from "csv-stringify/sync";
import { jsonText } from "../../inputs/valueJson.ts";
import type { CallServer, WatchedCall } from "../callServer.ts";
import { inputStatus } from "../inputCounts.ts";
import { cellsOf } from "./cells.ts";
import type { Decodable } from "./decodedResult.ts";

export type ExportFormat = "jsonl" | "csv";

/** What is exported. */
export interface ResultsExport {
  readonly functionCallId: string;
  readonly isGenerator: boolean;
  readonly format: ExportFormat;
  /** How many results there are now; those that come later are left out. */
  readonly count: number;
  /** Keys of results that are dictionaries: each is a column of its own in CSV. */
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
}

/** An output, or an item of a generator. */
type Exported = Pick<Decodable, "status" | "exception" | "value"> & { readonly index: number };

/**
 * The results of a call as the text of a file, piece by piece, in the order of their inputs as far as they came in it: what comes too
 * early waits for its turn, and large values are downloaded when it is theirs.
 *
 * @throws ModalError the server does not answer, or no longer has a value
 */
export async function* exportedResults(server: CallServer, wanted: ResultsExport): AsyncGenerator<string> {
  const call = server.calls.fromId(wanted.functionCallId);
  const line = wanted.format === "csv" ? csvLine(wanted.columns) : jsonLine;
  if (wanted.format === "csv") yield csvText(["index", "status", ...wanted.columns, "value", "exception"]);
  if (wanted.count === 0) return; // What is still to come would be waited for.
  for await (const result of wanted.isGenerator ? items(call, wanted) : outputs(call, wanted)) yield line(result);
}

async function* items(call: WatchedCall, { count, signal }: ResultsExport): AsyncGenerator<Exported> {
  let left = count;
  for await (const item of call.items({ signal })) {
    await item.load(signal);
    yield { index: item.index, status: "SUCCESS", exception: "", value: () => item.value() };
    left -= 1;
    if (left <= 0) return;
  }
}

async function* outputs(call: WatchedCall, { count, signal }: ResultsExport): AsyncGenerator<Exported> {
  const early = new Map<number, () => Promise<Exported>>();
  const seen = new Set<number>();
  let next = 0;
  for await (const batch of call.outputs({ signal })) {
    for (const output of batch.outputs) {
      seen.add(output.index);
      early.set(output.index, () => output.load(signal)); // Of an input that was tried again, the last one counts.
    }
    for (let load = early.get(next); load; load = early.get(next)) {
      early.delete(next);
      next += 1;
      yield await load();
    }
    if (seen.size >= count) break;
  }
  for (const [, load] of [...early].sort(([one], [other]) => one - other)) yield await load();
}

/** `{"index":0,"status":"SUCCESS","value":…}`, or with `exception` in place of `value`. */
function jsonLine(result: Exported): string {
  const { index, exception } = result;
  const status = inputStatus(result.status);
  return `${jsonText(status === "SUCCESS" ? { index, status, value: exportedValue(result) } : { index, status, exception })}\n`;
}

function csvLine(columns: readonly string[]): (result: Exported) => string {
  return (result) => {
    const status = inputStatus(result.status);
    const values = status === "SUCCESS" ? csvCells(exportedValue(result), columns) : [...columns, ""].map(() => "");
    return csvText([result.index, status, ...values, result.exception]);
  };
}

/** A cell for each column, and one for the whole value unless the columns say all of it. */
function csvCells(value: unknown, columns: readonly string[]): readonly string[] {
  if (!cellsOf(value)) return [...columns.map(() => ""), csvCell(value)];
  const entries: ReadonlyMap<unknown, unknown> =
    value instanceof Map ? value : new Map(Object.entries(value as object));
  const cells = columns.map((key) => (entries.has(key) ? csvCell(entries.get(key)) : ""));
  const isWhole = [...entries.keys()].every((key) => columns.includes(String(key)));
  return [...cells, isWhole ? "" : csvCell(value)];
}

function csvCell(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/** A cell that a spreadsheet would take for a formula is marked as text. */
function csvText(cells: readonly (string | number)[]): string {
  return stringify([[...cells]], { escape_formulas: true });
}

function exportedValue(result: Exported): unknown {
  try {
    return result.value();
  } catch (error) {
    return error instanceof Error ? error.message : String(error); // What cannot be read here says what it is.
  }
}
