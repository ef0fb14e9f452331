import type { InputKey } from "../ids.ts";
import { callNumberOf } from "../ids.ts";
import type { Database } from "./database.ts";

/** One piece of what a container wrote. */
export interface LogRecord {
  readonly appId: string;
  readonly functionId: string;
  readonly taskId: string;
  readonly input: InputKey | undefined;
  /** `FileDescriptor` number: 1 stdout, 2 stderr, 3 info. */
  readonly fileDescriptor: number;
  readonly at: number;
  readonly data: string;
}

export interface StoredLog extends LogRecord {
  /** Grows by one per record; a reader's cursor is the last entry it has. */
  readonly entry: number;
}

/** Which logs are asked for; what is left out does not narrow. */
export interface LogFilter {
  readonly appId?: string | undefined;
  readonly functionId?: string | undefined;
  readonly callNumber?: number | undefined;
  readonly input?: InputKey | undefined;
  readonly taskId?: string | undefined;
  readonly fileDescriptor?: number | undefined;
  readonly searchText?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** What containers wrote, in the order in which it came. */
export class LogStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Appends, inside the caller's transaction. */
  insert(log: LogRecord): void {
    this.#db
      .statement(
        `INSERT INTO logs (app_id, function_id, task_id, input, call, file_descriptor, at, data)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        log.appId,
        log.functionId,
        log.taskId,
        log.input ?? null,
        log.input === undefined ? null : callNumberOf(log.input),
        log.fileDescriptor,
        log.at,
        log.data,
      );
  }

  /** The first `limit` records after an entry. */
  after(entry: number, filter: LogFilter, limit: number): StoredLog[] {
    const { where, values } = conditions(filter);
    const sql = `SELECT * FROM logs WHERE entry > ? ${where} ORDER BY entry LIMIT ?`;
    return this.#db
      .statement(sql)
      .all(entry, ...values, limit)
      .map(logFromRow);
  }

  /** The last `limit` records in time, oldest first. */
  last(filter: LogFilter, limit: number): StoredLog[] {
    const { where, values } = conditions(filter);
    const sql = `SELECT * FROM logs WHERE true ${where} ORDER BY at DESC, entry DESC LIMIT ?`;
    return this.#db
      .statement(sql)
      .all(...values, limit)
      .map(logFromRow)
      .reverse();
  }

  /**
   * Counts records by source and span of time.
   *
   * @returns counts by `FileDescriptor` number, by the number of the span: its beginning, divided by its length
   */
  count(filter: LogFilter, bucketSeconds: number): Map<number, Map<number, number>> {
    const { where, values } = conditions(filter);
    const rows = this.#db
      .statement(
        `SELECT CAST(at / ? AS INTEGER) AS bucket, file_descriptor, count(*) AS records FROM logs
         WHERE true ${where} GROUP BY bucket, file_descriptor`,
      )
      .all(bucketSeconds, ...values);
    const buckets = new Map<number, Map<number, number>>();
    for (const row of rows) {
      const bucket = buckets.get(Number(row.bucket)) ?? new Map<number, number>();
      buckets.set(Number(row.bucket), bucket.set(Number(row.file_descriptor), Number(row.records)));
    }
    return buckets;
  }

  /** Forgets at most so many records that were written before a time outside any input, inside the caller's transaction; counts them. */
  deleteOfNoInput(before: number, maxRows: number): { records: number; bytes: number } {
    const oldest = "FROM logs WHERE call IS NULL AND at < ? ORDER BY at LIMIT ?";
    const size = this.#db
      .statement(`SELECT count(*) AS records, total(octet_length(data)) AS bytes FROM (SELECT data ${oldest})`)
      .get(before, maxRows);
    this.#db.statement(`DELETE FROM logs WHERE entry IN (SELECT entry ${oldest})`).run(before, maxRows);
    return { records: Number(size?.records), bytes: Number(size?.bytes) };
  }
}

/** What instances of a class print is the class's, too: whoever asks for it knows the ids of its instances seldom. */
const OF_FUNCTION_OR_ITS_INSTANCES = `function_id IN (
  WITH asked(id) AS (VALUES (?))
  SELECT id FROM asked UNION ALL SELECT function_id FROM bindings JOIN asked ON base_id = id)`;

function conditions(filter: LogFilter): { where: string; values: (string | number)[] } {
  const parts: [string, string | number | undefined][] = [
    ["app_id = ?", filter.appId],
    [OF_FUNCTION_OR_ITS_INSTANCES, filter.functionId],
    ["call = ?", filter.callNumber],
    ["input = ?", filter.input],
    ["task_id = ?", filter.taskId],
    ["file_descriptor = ?", filter.fileDescriptor],
    ["instr(data, ?) > 0", filter.searchText],
    ["at >= ?", filter.since],
    ["at < ?", filter.until],
  ];
  let where = "";
  const values: (string | number)[] = [];
  for (const [condition, value] of parts) {
    if (value === undefined) continue;
    where += ` AND ${condition}`;
    values.push(value);
  }
  return { where, values };
}

function logFromRow(row: Record<string, unknown>): StoredLog {
  return {
    entry: Number(row.entry),
    appId: String(row.app_id),
    functionId: String(row.function_id),
    taskId: String(row.task_id),
    input: row.input === null ? undefined : Number(row.input),
    fileDescriptor: Number(row.file_descriptor),
    at: Number(row.at),
    data: String(row.data),
  };
}
