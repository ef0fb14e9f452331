import { join } from "node:path";
import { cacheFolder } from "../../scripts/project.ts";
import { figureRow } from "./figures.ts";
import { type RunRecord, readRecords } from "./runRecord.ts";

/** Every run of this machine; git ignores it, for figures of two machines do not compare. */
export const historyPath = join(cacheFolder, "bench-history.jsonl");

/** Runs on a quiet machine that docs/performance.md tells of; committed. */
export const keptPath = join(import.meta.dirname, "history.jsonl");

const SHOWN = 12;

/** Prints, for each figure of these parts, what it was in the last runs of this machine. */
export async function printHistory(parts: readonly string[]): Promise<void> {
  const records = (await readRecords(historyPath)).filter(({ part }) => parts.includes(part));
  if (records.length === 0) console.log(`Nothing was measured on this machine yet (${historyPath}).`);
  const rows = records.flatMap(rowsOf);
  for (const name of new Set(rows.map(({ figure }) => figure))) {
    console.log(`\n${name}`);
    const ofName = rows.filter(({ figure }) => figure === name).map(({ figure: _, ...row }) => row);
    console.table(ofName.slice(-SHOWN));
  }
}

/** The last record of each part, in the order of the parts. */
export function lastOf(records: readonly RunRecord[], parts: readonly string[]): RunRecord[] {
  return parts.flatMap((name) => records.findLast(({ part }) => part === name) ?? []);
}

function rowsOf({ at, commit, load, figures }: RunRecord) {
  return figures.map((figure) => ({ ...figureRow(figure), at: at.slice(0, 16), commit, load: load.join(" to ") }));
}
