import { callNumberOf, type InputKey, indexOf, inputKey, MAX_INPUTS_PER_CALL } from "../ids.ts";
import { inlineLength, type Payload } from "../payloads/payload.ts";
import type { Database } from "./database.ts";
import { payloadColumns, payloadFromColumns } from "./payloadColumns.ts";

/** A function call as the store has it. Times in unix seconds. */
export interface CallRecord {
  readonly number: number;
  readonly functionCallId: string;
  readonly functionId: string;
  readonly callType: number;
  readonly invocationType: number;
  readonly parentInput: InputKey | undefined;
  /**
   * Its client tries inputs again where the function's policy says so, and the engine does not. Such a client does not say either when
   * a map has all its inputs.
   */
  readonly retriedByClient: boolean;
  readonly createdAt: number;
  /** No more inputs will come. */
  readonly closed: boolean;
  readonly cancelled: boolean;
  readonly finishedAt: number | undefined;
}

export type NewCall = Omit<CallRecord, "number" | "cancelled" | "finishedAt">;

export interface InputRecord {
  readonly key: InputKey;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  readonly args: Payload;
}

/** What became of one run of an input. */
export interface OutputRecord {
  /** `GenericStatus` number; never 0. */
  readonly status: number;
  readonly dataFormat: number;
  readonly taskId: string;
  readonly startedAt: number;
  readonly createdAt: number;
  readonly exception: string;
  readonly traceback: string;
  readonly data: Payload;
}

/** The final output of an input, as it stands in its call's log. */
export interface StoredOutput extends OutputRecord {
  readonly input: InputKey;
  /** Its place in the log of its call, from 1. A reader's cursor is the last entry it has. */
  readonly entry: number;
  /** Which of the client's attempts it is of, from 0. */
  readonly retryCount: number;
}

/** How far a call is: number of inputs, of entries in its log, and of inputs by status. */
export interface CallProgress {
  readonly inputs: number;
  /** Its client has tried some of them again. */
  readonly retried: boolean;
  readonly entries: number;
  readonly byStatus: ReadonlyMap<number, number>;
}

/** How much one read of outputs may return. */
export interface ReadLimits {
  readonly maxOutputs: number;
  readonly maxBytes: number;
}

const CALL_COLUMNS = `SELECT number, function_call_id, function_id, call_type, invocation_type, parent_input,
  retried_by_client, created_at, closed, cancelled, finished_at FROM function_calls`;

/** Function calls with their inputs and outputs. Methods that change something run inside the caller's transaction. */
export class CallStore {
  readonly #db: Database;
  #lastNumber: number | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Adds a call; undefined when there is one of that id already. Its number is new even where a transaction that was not committed had
   * made one: a container may have it.
   */
  insertCall(call: NewCall): number | undefined {
    this.#lastNumber = (this.#lastNumber ?? this.#highestNumber()) + 1;
    const { changes } = this.#db
      .statement(
        `INSERT INTO function_calls (number, function_call_id, function_id, call_type, invocation_type, parent_input, parent_call,
          retried_by_client, created_at, closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (function_call_id) DO NOTHING`,
      )
      .run(
        this.#lastNumber,
        call.functionCallId,
        call.functionId,
        call.callType,
        call.invocationType,
        call.parentInput ?? null,
        call.parentInput === undefined ? null : callNumberOf(call.parentInput),
        call.retriedByClient ? 1 : 0,
        call.createdAt,
        call.closed ? 1 : 0,
      );
    return changes === 1 ? this.#lastNumber : undefined;
  }

  /** Adds an input; false when the call has one of that index already. */
  insertInput(input: InputRecord): boolean {
    const { changes } = this.#db
      .statement(
        `INSERT INTO inputs (key, data_format, method_name, args, args_file, args_length) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      )
      .run(input.key, input.dataFormat, input.methodName ?? null, ...payloadColumns(input.args));
    return changes === 1;
  }

  /** @param entry its place in the log of its call */
  insertOutput(entry: number, input: InputKey, output: OutputRecord): void {
    const entryKey = inputKey(callNumberOf(input), entry);
    this.#db
      .statement(
        `INSERT INTO outputs (entry_key, input, retry_count, status, data_format, task_id, started_at, created_at, exception,
          traceback, data, data_file, data_length)
         VALUES (?, ?, (SELECT retry_count FROM inputs WHERE key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        entryKey,
        input,
        input,
        output.status,
        output.dataFormat,
        output.taskId,
        output.startedAt,
        output.createdAt,
        output.exception,
        output.traceback,
        ...payloadColumns(output.data),
      );
    this.#db
      .statement("UPDATE inputs SET status = ?, output_entry = ? WHERE key = ?")
      .run(output.status, entryKey, input);
  }

  close(callNumber: number): void {
    this.#db.statement("UPDATE function_calls SET closed = 1 WHERE number = ?").run(callNumber);
  }

  markCancelled(callNumber: number): void {
    this.#db.statement("UPDATE function_calls SET cancelled = 1, closed = 1 WHERE number = ?").run(callNumber);
  }

  markFinished(callNumber: number, finishedAt: number): void {
    this.#db
      .statement("UPDATE function_calls SET finished_at = ? WHERE number = ? AND finished_at IS NULL")
      .run(finishedAt, callNumber);
  }

  get(functionCallId: string): CallRecord | undefined {
    const row = this.#db.statement(`${CALL_COLUMNS} WHERE function_call_id = ?`).get(functionCallId);
    return row && callFromRow(row);
  }

  byNumber(callNumber: number): CallRecord | undefined {
    const row = this.#db.statement(`${CALL_COLUMNS} WHERE number = ?`).get(callNumber);
    return row && callFromRow(row);
  }

  /** The newest calls of a function first. */
  ofFunction(functionId: string, limit: number): CallRecord[] {
    const sql = `${CALL_COLUMNS} WHERE function_id = ? ORDER BY number DESC LIMIT ?`;
    return this.#db.statement(sql).all(functionId, limit).map(callFromRow);
  }

  unfinished(): CallRecord[] {
    return this.#db.statement(`${CALL_COLUMNS} WHERE finished_at IS NULL ORDER BY number`).all().map(callFromRow);
  }

  /** Whether a function of the app still has something to do. */
  hasUnfinished(appId: string): boolean {
    const sql = `SELECT 1 FROM function_calls JOIN functions ON functions.function_id = function_calls.function_id
      WHERE finished_at IS NULL AND app_id = ? LIMIT 1`;
    return this.#db.statement(sql).get(appId) !== undefined;
  }

  children(callNumber: number): CallRecord[] {
    return this.#db.statement(`${CALL_COLUMNS} WHERE parent_call = ? ORDER BY number`).all(callNumber).map(callFromRow);
  }

  progress(callNumber: number): CallProgress {
    const [from, to] = range(callNumber);
    const byStatus = new Map<number, number>();
    let inputs = 0;
    let retried = false;
    const counts = this.#db.statement(
      "SELECT status, count(*) AS total, max(retry_count) AS retries FROM inputs WHERE key BETWEEN ? AND ? GROUP BY status",
    );
    for (const row of counts.all(from, to)) {
      byStatus.set(Number(row.status), Number(row.total));
      inputs += Number(row.total);
      retried ||= Number(row.retries) > 0;
    }
    const last = this.#db
      .statement("SELECT max(entry_key) AS last FROM outputs WHERE entry_key BETWEEN ? AND ?")
      .get(from, to);
    return { inputs, retried, entries: last?.last ? indexOf(Number(last.last)) : 0, byStatus };
  }

  /** The method that a call is for; undefined for plain functions, and while it has no input. */
  methodName(callNumber: number): string | undefined {
    const sql = "SELECT method_name FROM inputs WHERE key BETWEEN ? AND ? LIMIT 1";
    const row = this.#db.statement(sql).get(...range(callNumber));
    return row?.method_name ? String(row.method_name) : undefined;
  }

  /** Keys, statuses and containers of a call's inputs, in order. */
  inputStatuses(callNumber: number): { key: InputKey; status: number; taskId: string }[] {
    const [from, to] = range(callNumber);
    const rows = this.#db
      .statement(
        `SELECT key, inputs.status, coalesce(task_id, '') AS task_id FROM inputs LEFT JOIN outputs ON entry_key = output_entry
         WHERE key BETWEEN ? AND ? ORDER BY key`,
      )
      .all(from, to);
    return rows.map((row) => ({ key: Number(row.key), status: Number(row.status), taskId: String(row.task_id) }));
  }

  /** The inputs of a call that have no output yet, without their arguments. */
  pendingInputs(callNumber: number): Omit<InputRecord, "args">[] {
    const [from, to] = range(callNumber);
    const rows = this.#db
      .statement(
        "SELECT key, data_format, method_name FROM inputs WHERE key BETWEEN ? AND ? AND status = 0 ORDER BY key",
      )
      .all(from, to);
    return rows.map((row) => ({
      key: Number(row.key),
      dataFormat: Number(row.data_format),
      methodName: row.method_name === null ? undefined : String(row.method_name),
    }));
  }

  args(key: InputKey): Payload {
    const row = this.#db.statement("SELECT args, args_file, args_length FROM inputs WHERE key = ?").get(key);
    return payloadFromColumns(row?.args, row?.args_file, row?.args_length);
  }

  /** Outputs of a call after a place in its log. */
  outputsAfter(callNumber: number, entry: number, limits: ReadLimits): StoredOutput[] {
    const from = inputKey(callNumber, entry) + 1;
    const rows = this.#db
      .statement("SELECT * FROM outputs WHERE entry_key BETWEEN ? AND ? AND status <> 0 ORDER BY entry_key")
      .iterate(from, range(callNumber)[1]);
    return fitting(outputsFromRows(rows), limits);
  }

  /** Final outputs of the inputs from one index to another (inclusive), in order; inputs that have none are left out. */
  outputsByIndex(callNumber: number, start: number, end: number, limits: ReadLimits): StoredOutput[] {
    const rows = this.#db
      .statement(
        `SELECT outputs.* FROM inputs JOIN outputs ON entry_key = output_entry WHERE key BETWEEN ? AND ? ORDER BY key`,
      )
      .iterate(inputKey(callNumber, start), inputKey(callNumber, Math.min(end, MAX_INPUTS_PER_CALL - 1)));
    return fitting(outputsFromRows(rows), limits);
  }

  counts(): { calls: number } {
    const row = this.#db.statement("SELECT count(*) AS calls FROM function_calls").get();
    return { calls: Number(row?.calls ?? 0) };
  }

  /**
   * Numbers of calls that finished before a time and were not made by an input of a call that did not, in their order.
   *
   * @param page only so many, after this number
   */
  finishedBefore(time: number, page: { readonly after: number; readonly limit: number }): number[] {
    const rows = this.#db
      .statement(
        `SELECT number FROM function_calls AS call WHERE number > ? AND finished_at <= ? AND NOT EXISTS
           (SELECT 1 FROM function_calls AS parent WHERE parent.number = call.parent_call AND parent.finished_at IS NULL)
         ORDER BY number LIMIT ?`,
      )
      .all(page.after, time, page.limit);
    return rows.map((row) => Number(row.number));
  }

  /** Of all calls that there ever were. */
  #highestNumber(): number {
    const row = this.#db.statement("SELECT seq FROM sqlite_sequence WHERE name = 'function_calls'").get();
    return Number(row?.seq ?? 0);
  }

  /** The files that inputs and outputs name. */
  payloadNames(): string[] {
    const rows = this.#db
      .statement(
        `SELECT args_file AS name FROM inputs WHERE args_file IS NOT NULL
         UNION ALL SELECT data_file FROM outputs WHERE data_file IS NOT NULL`,
      )
      .all();
    return rows.map(({ name }) => String(name));
  }
}

type Row = Record<string, unknown>;

function range(callNumber: number): [InputKey, InputKey] {
  return [inputKey(callNumber, 0), inputKey(callNumber, MAX_INPUTS_PER_CALL - 1)];
}

/** As many of the outputs as one read may return. */
export function fitting(candidates: Iterable<StoredOutput>, { maxOutputs, maxBytes }: ReadLimits): StoredOutput[] {
  const outputs: StoredOutput[] = [];
  let bytes = 0;
  for (const output of candidates) {
    bytes += inlineLength(output.data) + output.traceback.length;
    // The first output goes out however large it is, or a reader would never get past it.
    if (outputs.length > 0 && bytes > maxBytes) break;
    outputs.push(output);
    if (outputs.length >= maxOutputs) break;
  }
  return outputs;
}

function* outputsFromRows(rows: Iterable<Row>): Generator<StoredOutput> {
  for (const row of rows) yield outputFromRow(row);
}

function callFromRow(row: Row): CallRecord {
  return {
    number: Number(row.number),
    functionCallId: String(row.function_call_id),
    functionId: String(row.function_id),
    callType: Number(row.call_type),
    invocationType: Number(row.invocation_type),
    parentInput: row.parent_input === null ? undefined : Number(row.parent_input),
    retriedByClient: row.retried_by_client === 1,
    createdAt: Number(row.created_at),
    closed: row.closed === 1,
    cancelled: row.cancelled === 1,
    finishedAt: row.finished_at === null ? undefined : Number(row.finished_at),
  };
}

function outputFromRow(row: Row): StoredOutput {
  return {
    entry: indexOf(Number(row.entry_key)),
    input: Number(row.input),
    status: Number(row.status),
    dataFormat: Number(row.data_format),
    retryCount: Number(row.retry_count),
    taskId: String(row.task_id),
    startedAt: Number(row.started_at),
    createdAt: Number(row.created_at),
    exception: String(row.exception),
    traceback: String(row.traceback),
    data: payloadFromColumns(row.data, row.data_file, row.data_length),
  };
}
