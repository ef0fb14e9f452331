import { inputKey, MAX_INPUTS_PER_CALL } from "../ids.ts";
import type { Database } from "./database.ts";
import type { DeletedPayloads } from "./payloadColumns.ts";

/** A table with rows of calls: which of them are of one call, in the order of which column, and what each weighs. */
interface CallTable {
  readonly name: string;
  readonly key: string;
  /**
   * The rows of a call up to one of them. Its two parameters are the values of `range` for all rows, and the second one can be the
   * key of a row: a condition of its own would have SQLite look at all that follow.
   */
  readonly upTo: string;
  readonly range: (callNumber: number) => [number, number];
  readonly bytes: string;
  readonly file: string;
}

const keyRange = (callNumber: number): [number, number] => [
  inputKey(callNumber, 0),
  inputKey(callNumber, MAX_INPUTS_PER_CALL - 1),
];
const callRange = (callNumber: number): [number, number] => [callNumber, Number.MAX_SAFE_INTEGER];
const DATA_BYTES = "coalesce(data_length, length(data))";

const TABLES: readonly CallTable[] = [
  {
    name: "outputs",
    key: "entry_key",
    upTo: "entry_key BETWEEN ? AND ?",
    range: keyRange,
    bytes: DATA_BYTES,
    file: "data_file",
  },
  {
    name: "inputs",
    key: "key",
    upTo: "key BETWEEN ? AND ?",
    range: keyRange,
    bytes: "coalesce(args_length, length(args))",
    file: "args_file",
  },
  {
    name: "data_out",
    key: "item_index",
    upTo: "call = ? AND item_index <= ?",
    range: callRange,
    bytes: DATA_BYTES,
    file: "data_file",
  },
  {
    name: "logs",
    key: "entry",
    upTo: "call = ? AND entry <= ?",
    range: callRange,
    bytes: "octet_length(data)",
    file: "NULL",
  },
];

/**
 * Forgets calls. For readers a call is gone at once, with the row that names it; the rows of its inputs, outputs, items and logs, of
 * which there may be millions, are deleted a few at a time, also after a restart in between.
 */
export class ForgottenCalls {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Inside the caller's transaction. */
  add(callNumber: number): void {
    this.#db.statement("DELETE FROM function_calls WHERE number = ?").run(callNumber);
    this.#db.statement("INSERT INTO forgotten_calls (number) VALUES (?)").run(callNumber);
  }

  /** Deletes at most so many rows of forgotten calls, inside the caller's transaction; undefined when there are none. */
  deleteSome(maxRows: number): DeletedPayloads | undefined {
    const row = this.#db.statement("SELECT number FROM forgotten_calls ORDER BY number LIMIT 1").get();
    if (!row) return undefined;
    const callNumber = Number(row.number);
    for (const table of TABLES) {
      const deleted = this.#deleteFrom(table, callNumber, maxRows);
      if (deleted) return deleted;
    }
    this.#db.statement("DELETE FROM forgotten_calls WHERE number = ?").run(callNumber);
    return { bytes: 0, blobIds: [] };
  }

  /** How many bytes forgetting a call would free. */
  bytesOf(callNumber: number): number {
    const sizes = TABLES.map(({ name, upTo, range, bytes }) => {
      const sql = `SELECT total(${bytes}) AS bytes FROM ${name} WHERE ${upTo}`;
      return Number(this.#db.statement(sql).get(...range(callNumber))?.bytes);
    });
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #deleteFrom(
    { name, key, upTo, range, bytes, file }: CallTable,
    callNumber: number,
    maxRows: number,
  ): DeletedPayloads | undefined {
    const values = range(callNumber);
    const rows = this.#db
      .statement(
        `SELECT ${key} AS key, ${bytes} AS bytes, ${file} AS file FROM ${name} WHERE ${upTo} ORDER BY ${key} LIMIT ?`,
      )
      .all(...values, maxRows);
    const last = rows.at(-1);
    if (!last) return undefined;
    this.#db.statement(`DELETE FROM ${name} WHERE ${upTo}`).run(values[0], Number(last.key));
    return {
      bytes: rows.reduce((sum, row) => sum + Number(row.bytes), 0),
      blobIds: rows.flatMap((row) => (row.file === null ? [] : [String(row.file)])),
    };
  }
}
