import { CallHistory } from "../../src/calls/callHistory.ts";
import type { CallRecord } from "../../src/calls/callRecord.ts";
import type { CallEvent } from "../../src/calls/callState.ts";
import type { CallWatch } from "../../src/calls/callWatch.ts";
import { type InputCounts, noInputs } from "../../src/calls/inputCounts.ts";
import type { CallSummary, ResultRow, ResultValue } from "../../src/calls/model.ts";

/** A watch that says what it is told to, and counts who listens. */
class FakeWatch implements Pick<CallWatch, "subscribe" | "summary" | "finished" | "value"> {
  summary: CallSummary;
  rows: readonly ResultRow[] = [];
  values: readonly ResultValue[] = [];
  readonly listeners = new Set<(event: CallEvent) => void>();

  constructor(record: CallRecord) {
    const unknown = { isGenerator: false, finishedAt: undefined, inputs: 1, counts: noInputs, problem: undefined };
    this.summary = { ...record, ...unknown };
  }

  subscribe(listener: (event: CallEvent) => void): () => void {
    listener({ type: "rows", rows: this.rows });
    listener({ type: "call", call: this.summary });
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async finished(): Promise<CallSummary> {
    return this.summary;
  }

  async value(index: number): Promise<ResultValue> {
    const value = this.values[index];
    if (!value) throw new Error(`There is no value ${index}.`);
    return value;
  }

  tell(changes: Partial<CallSummary>): void {
    this.summary = { ...this.summary, ...changes };
    for (const listener of this.listeners) listener({ type: "call", call: this.summary });
  }
}

/** The calls of a window, in memory. */
export class WindowCalls {
  readonly history = new CallHistory({ get: () => undefined, update: async () => undefined });
  readonly #watches = new Map<string, FakeWatch>();
  #time = 0;

  readonly watches = { of: (record: CallRecord) => this.watchOf(record) };

  watchOf(record: CallRecord): FakeWatch {
    const watch = this.#watches.get(record.functionCallId) ?? new FakeWatch(record);
    this.#watches.set(record.functionCallId, watch);
    return watch;
  }

  /** Remembers a call that was just made. */
  async begin(functionName: string, changes: Partial<CallRecord> = {}): Promise<CallRecord> {
    const createdAt = ++this.#time;
    const place = { targetId: "local", targetName: "Local", environmentName: "" };
    const names = { functionCallId: `fc-${createdAt}`, appName: "app", functionName };
    const record: CallRecord = { ...place, ...names, kind: "run", createdAt, ...changes };
    await this.history.save(record);
    return record;
  }

  /** Remembers that a call has finished, with its results. */
  async end(record: CallRecord, counts: Partial<InputCounts>, rows: readonly Partial<ResultRow>[] = []): Promise<void> {
    const watch = this.watchOf(record);
    watch.rows = rows.map((row, index) => ({ ...emptyRow, index, ...row }));
    watch.tell({ finishedAt: record.createdAt + 500, counts: { ...noInputs, ...counts } });
    const { finishedAt, counts: all } = watch.summary;
    await this.history.save({ ...record, finishedAt, counts: all });
  }
}

const emptyRow: ResultRow = {
  index: 0,
  inputId: "in-1",
  status: "SUCCESS",
  kind: "json",
  preview: "",
  size: 1,
  startedAt: 0,
  finishedAt: 0,
  containerId: "ta-1",
};
