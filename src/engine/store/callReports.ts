import { type InputKey, inputKey, MAX_INPUTS_PER_CALL } from "../ids.ts";
import type { Database } from "./database.ts";

/** An input and how it stands, without its values. Times in unix seconds. */
export interface InputReport {
  readonly key: InputKey;
  /** `GenericStatus` number; 0 while it has no output. */
  readonly status: number;
  readonly methodName: string | undefined;
  /** When its call was made. */
  readonly enqueuedAt: number;
  readonly taskId: string;
  /** 0 while it has no output. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** Outputs of one status in one span of time. */
export interface OutputReport {
  /** The number of the span: its beginning, divided by its length. */
  readonly bucket: number;
  readonly status: number;
  readonly outputs: number;
  /** Run times in seconds. */
  readonly totalRunTime: number;
  readonly longestRunTime: number;
}

/** Which inputs of a function to report; times in unix seconds. */
export interface InputsWanted {
  readonly limit: number;
  /** Only of calls made from then on. */
  readonly since?: number | undefined;
  /** Only of calls made before then. */
  readonly until?: number | undefined;
}

const INPUT_COLUMNS = `SELECT key, inputs.status, method_name, coalesce(task_id, '') AS task_id,
  coalesce(started_at, 0) AS started_at, coalesce(outputs.created_at, 0) AS finished_at
  FROM inputs LEFT JOIN outputs ON entry_key = output_entry`;

/** What is told of calls to those who look at a function from outside. Reads only. */
export class CallReports {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The newest inputs of a function's calls, newest first. */
  ofFunction(functionId: string, { limit, since, until }: InputsWanted): (InputReport & { functionCallId: string })[] {
    const calls = this.#db
      .statement(
        `SELECT number, function_call_id, created_at FROM function_calls
         WHERE function_id = ? AND created_at >= ? AND created_at < ? ORDER BY number DESC`,
      )
      .iterate(functionId, since ?? 0, until ?? Number.MAX_VALUE);
    const reports: (InputReport & { functionCallId: string })[] = [];
    for (const call of calls) {
      if (reports.length >= limit) break;
      const inputs = this.#newest(Number(call.number), Number(call.created_at), "", [], limit - reports.length);
      for (const input of inputs) reports.push({ ...input, functionCallId: String(call.function_call_id) });
    }
    return reports;
  }

  /** The last inputs of a call that have one of these statuses, newest first. */
  latest(callNumber: number, createdAt: number, statuses: readonly number[], limit: number): InputReport[] {
    const condition = `AND inputs.status IN (${statuses.map(() => "?").join(", ")})`;
    return this.#newest(callNumber, createdAt, condition, statuses, limit);
  }

  /** Counts the outputs that a function made in a time, by status and span. All in unix seconds. */
  outputs(functionId: string, since: number, until: number, bucketSeconds: number): OutputReport[] {
    const rows = this.#db
      .statement(
        `SELECT CAST(outputs.created_at / :length AS INTEGER) AS bucket, outputs.status AS status, count(*) AS outputs,
           sum(outputs.created_at - started_at) AS total, max(outputs.created_at - started_at) AS longest
         FROM function_calls JOIN outputs ON entry_key BETWEEN number * :range AND number * :range + :range - 1
         WHERE function_id = :function AND function_calls.created_at < :until
           AND (finished_at IS NULL OR finished_at >= :since)
           AND outputs.created_at >= :since AND outputs.created_at < :until
         GROUP BY bucket, outputs.status`,
      )
      .all({ function: functionId, since, until, length: bucketSeconds, range: MAX_INPUTS_PER_CALL });
    return rows.map((row) => ({
      bucket: Number(row.bucket),
      status: Number(row.status),
      outputs: Number(row.outputs),
      totalRunTime: Number(row.total),
      longestRunTime: Number(row.longest),
    }));
  }

  #newest(
    callNumber: number,
    enqueuedAt: number,
    condition: string,
    values: readonly number[],
    limit: number,
  ): InputReport[] {
    const rows = this.#db
      .statement(`${INPUT_COLUMNS} WHERE key BETWEEN ? AND ? ${condition} ORDER BY key DESC LIMIT ?`)
      .all(inputKey(callNumber, 0), inputKey(callNumber, MAX_INPUTS_PER_CALL - 1), ...values, limit);
    return rows.map((row) => ({
      key: Number(row.key),
      status: Number(row.status),
      methodName: row.method_name === null ? undefined : String(row.method_name),
      enqueuedAt,
      taskId: String(row.task_id),
      startedAt: Number(row.started_at),
      finishedAt: Number(row.finished_at),
    }));
  }
}
