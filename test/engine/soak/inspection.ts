import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ModalClient } from "../../../src/client/index.ts";
import type { AcknowledgedCall, Ledger } from "./ledger.ts";

/**
 * Looks at the outputs of an acknowledged call: each of its inputs has one, with the right value or a failure that faults explain.
 *
 * @returns what is wrong, as sentences
 */
export async function wrongOutputs(modal: ModalClient, call: AcknowledgedCall, ledger: Ledger): Promise<string[]> {
  const wrong: string[] = [];
  const seen = new Set<number>();
  const where = (index: number) => `Input ${index} of ${call.functionCallId} (${call.work})`;
  for await (const { outputs } of modal.calls.fromId(call.functionCallId).outputs()) {
    for (const output of outputs) {
      if (seen.has(output.index)) wrong.push(`${where(output.index)} has two outputs.`);
      seen.add(output.index);
      ledger.count(`inputs of acknowledged calls that ended as ${output.status}`);
      if (output.status === "SUCCESS") {
        const value = (await output.load()).value();
        if (!call.isRight(value, output.index))
          wrong.push(`${where(output.index)} returned ${String(value).slice(0, 100)}.`);
      } else {
        if (!isExplained(call, output.status)) wrong.push(`${where(output.index)} ended as ${output.exception}.`);
      }
    }
  }
  for (let index = 0; index < call.inputs; index++) if (!seen.has(index)) wrong.push(`${where(index)} has no output.`);
  if (seen.size > call.inputs)
    wrong.push(`${call.functionCallId} (${call.work}) has outputs of inputs that it never had.`);
  return wrong;
}

/** A container that was killed three times at an input ends it; nothing but a cancel ends it otherwise. */
function isExplained({ work }: AcknowledgedCall, status: string): boolean {
  return status === "INTERNAL_FAILURE" || (status === "TERMINATED" && work === "cancelled call");
}

/** Rules of the store, each as a query for rows that break it. `INPUT_OF` is the key of an output's input. */
const RULES: Readonly<Record<string, string>> = {
  "inputs that have not ended": "SELECT key FROM inputs WHERE status = 0",
  "inputs that have ended without an output": `SELECT key FROM inputs WHERE status <> 0 AND output_entry IS NULL`,
  "inputs whose output is not there": `SELECT inputs.key FROM inputs LEFT JOIN outputs ON entry_key = output_entry
     WHERE output_entry IS NOT NULL AND entry_key IS NULL`,
  "inputs whose output is another input's, or of another status": `SELECT inputs.key FROM inputs JOIN outputs ON entry_key = output_entry
     WHERE outputs.input <> inputs.key OR outputs.status <> inputs.status`,
  "inputs with two final outputs": `SELECT input FROM outputs JOIN inputs ON inputs.key = outputs.input
     WHERE outputs.status <> 0 AND entry_key <> output_entry`,
  "outputs of no input": "SELECT entry_key FROM outputs WHERE input NOT IN (SELECT key FROM inputs)",
  "items that are missing between others": `SELECT call FROM data_out GROUP BY call HAVING count(*) <> max(item_index)`,
};

/** What is wrong in the data folder of an engine that has ended, as sentences. */
export function wrongInFolder(dataFolder: string): string[] {
  const database = new DatabaseSync(join(dataFolder, "engine.sqlite"));
  try {
    return [...wrongRows(database), ...wrongFiles(database, join(dataFolder, "payloads"))];
  } finally {
    database.close();
  }
}

function wrongRows(database: DatabaseSync): string[] {
  const wrong: string[] = [];
  const [check] = database.prepare("PRAGMA integrity_check").all();
  if (check?.integrity_check !== "ok") wrong.push(`The database is damaged: ${JSON.stringify(check)}.`);
  if (database.prepare("PRAGMA foreign_key_check").all().length > 0) wrong.push("Rows name others that are not there.");
  for (const [name, query] of Object.entries(RULES)) {
    const rows = database.prepare(query).all();
    if (rows.length > 0) wrong.push(`There are ${rows.length} ${name}, such as ${JSON.stringify(rows[0])}.`);
  }
  return wrong;
}

/** Each file that rows name is there and complete, and there are no others. */
function wrongFiles(database: DatabaseSync, folder: string): string[] {
  const wrong: string[] = [];
  const named = new Map<string, number>();
  for (const [table, name, length] of [
    ["inputs", "args_file", "args_length"],
    ["outputs", "data_file", "data_length"],
    ["data_out", "data_file", "data_length"],
  ]) {
    for (const row of database.prepare(`SELECT ${name} AS name, ${length} AS length FROM ${table}`).all()) {
      if (row.name !== null) named.set(String(row.name), Number(row.length));
    }
  }
  for (const [name, length] of named) {
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (size !== length) wrong.push(`The payload ${name} has ${size ?? "no"} bytes instead of ${length}.`);
  }
  const unnamed = readdirSync(folder).filter((name) => !named.has(name));
  if (unnamed.length > 0) wrong.push(`${unnamed.length} payloads are named by no row, such as ${unnamed[0]}.`);
  return wrong;
}
