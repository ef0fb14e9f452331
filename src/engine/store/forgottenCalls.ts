import { inputKey, MAX_INPUTS_PER_CALL } from "../ids.ts";
import type { Database } from "./database.ts";
import type { DeletedPayloads } from "./payloadColumns.ts";

/** A table with rows of calls: which of them are of one call, in the order of which column, and what each weighs. */
interface CallTable {
  readonly name: string;
  readonly key: string;
  /** The rows of a call behind one key and up to another; {@link CallTable.bounds} are its parameters. */
  readonly between: string;
  /** @param after a key; without it, from the first row on @param last a key; without it, to the last row */
  readonly bounds: (callNumber: number, after?: number, last?: number) => number[];
  readonly bytes: string;
  readonly file: string;
}

const DATA_BYTES = "coalesce(data_length, length(data))";

const TABLES: readonly CallTable[] = [
  keyed({ name: "outputs", key: "entry_key", bytes: DATA_BYTES, file: "data_file" }),
  keyed({ name: "inputs", key: "key", bytes: "coalesce(args_length, length(args))", file: "args_file" }),
  ofCall({ name: "data_out", key: "item_index", bytes: DATA_BYTES, file: "data_file" }),
  ofCall({ name: "logs", key: "entry", bytes: "octet_length(data)", file: "NULL" }),
];

/** Whose keys begin with the number of the call. */
function keyed(table: Omit<CallTable, "between" | "bounds">): CallTable {
  return {
    ...table,
    between: `${table.key} > ? AND ${table.key} <= ?`,
    bounds: (callNumber, after = inputKey(callNumber, 0) - 1, last = inputKey(callNumber, MAX_INPUTS_PER_CALL - 1)) => [
      after,
      last,
    ],
  };
}

/** With a column for the number of the call. Keys count from 1. */
function ofCall(table: Omit<CallTable, "between" | "bounds">): CallTable {
  return {
    ...table,
    between: `call = ? AND ${table.key} > ? AND ${table.key} <= ?`,
    bounds: (callNumber, after = 0, last = Number.MAX_SAFE_INTEGER) => [callNumber, after, last],
  };
}

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

  /** How many bytes forgetting a call would free, counted a few rows at a time: there may be millions. */
  *bytesOf(callNumber: number, rowsAtOnce: number): Generator<number> {
    for (const table of TABLES) yield* this.#bytesIn(table, callNumber, rowsAtOnce);
  }

  *#bytesIn({ name, key, between, bounds, bytes }: CallTable, callNumber: number, maxRows: number): Generator<number> {
    const some = `SELECT ${key} AS key, ${bytes} AS bytes FROM ${name} WHERE ${between} ORDER BY ${key} LIMIT ?`;
    const sql = `SELECT count(*) AS records, total(bytes) AS bytes, max(key) AS last FROM (${some})`;
    for (let after: number | undefined; ; ) {
      const counted = this.#db.statement(sql).get(...bounds(callNumber, after), maxRows);
      if (!counted || counted.last === null) return;
      yield Number(counted.bytes);
      if (Number(counted.records) < maxRows) return;
      after = Number(counted.last);
    }
  }

  #deleteFrom(
    { name, key, between, bounds, bytes, file }: CallTable,
    callNumber: number,
    maxRows: number,
  ): DeletedPayloads | undefined {
    const rows = this.#db
      .statement(
        `SELECT ${key} AS key, ${bytes} AS bytes, ${file} AS file FROM ${name} WHERE ${between} ORDER BY ${key} LIMIT ?`,
      )
      .all(...bounds(callNumber), maxRows);
    const last = rows.at(-1);
    if (!last) return undefined;
    // Up to a key, not so many rows: SQLite would look at all that follow.
    this.#db.statement(`DELETE FROM ${name} WHERE ${between}`).run(...bounds(callNumber, undefined, Number(last.key)));
    return {
      bytes: rows.reduce((sum, row) => sum + Number(row.bytes), 0),
      blobIds: rows.flatMap((row) => (row.file === null ? [] : [String(row.file)])),
    };
  }
}
