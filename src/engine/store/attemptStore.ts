import { callNumberOf, type InputKey } from "../ids.ts";
import type { Database } from "./database.ts";

/** How far the attempts at an input are. */
export interface AttemptRecord {
  /** Retries that the client has asked for. */
  readonly retryCount: number;
  /** The latest attempt has its output. */
  readonly hasOutput: boolean;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
}

/** The attempts that clients make at inputs. Methods that change something run inside the caller's transaction. */
export class AttemptStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(key: InputKey): AttemptRecord | undefined {
    const row = this.#db
      .statement("SELECT retry_count, status, data_format, method_name FROM inputs WHERE key = ?")
      .get(key);
    return (
      row && {
        retryCount: Number(row.retry_count),
        hasOutput: row.status !== 0,
        dataFormat: Number(row.data_format),
        methodName: row.method_name === null ? undefined : String(row.method_name),
      }
    );
  }

  /** Counts what an input is at now, output and all, as a later attempt. */
  renumber(key: InputKey, retryCount: number): void {
    this.#db.statement("UPDATE inputs SET retry_count = ? WHERE key = ?").run(retryCount, key);
    this.#db
      .statement("UPDATE outputs SET retry_count = ? WHERE entry_key = (SELECT output_entry FROM inputs WHERE key = ?)")
      .run(retryCount, key);
  }

  /** Begins another attempt: the output of the last one is no more. Returns the file of its payload, which no row names any more. */
  begin(key: InputKey, retryCount: number): string | undefined {
    const output = this.#db
      .statement("SELECT data_file FROM outputs WHERE entry_key = (SELECT output_entry FROM inputs WHERE key = ?)")
      .get(key);
    this.#db
      .statement(
        `UPDATE outputs SET status = 0, exception = '', traceback = '', data = x'', data_file = NULL, data_length = NULL
         WHERE entry_key = (SELECT output_entry FROM inputs WHERE key = ?)`,
      )
      .run(key);
    this.#db
      .statement("UPDATE inputs SET status = 0, output_entry = NULL, retry_count = ? WHERE key = ?")
      .run(retryCount, key);
    this.reopen(callNumberOf(key));
    return typeof output?.data_file === "string" ? output.data_file : undefined;
  }

  /** Says that a call has work again. */
  reopen(callNumber: number): void {
    this.#db.statement("UPDATE function_calls SET finished_at = NULL WHERE number = ?").run(callNumber);
  }
}
