import * as l10n from "@vscode/l10n";
import type { CallHistory } from "../calls/callHistory.ts";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallWatch } from "../calls/callWatch.ts";
import { failedInputs } from "../calls/inputCounts.ts";
import type { CallSummary, ResultRow, ResultValue } from "../calls/model.ts";
import { isNamed, type NamedFunction, type ServedFunction } from "./namedFunction.ts";

/** What the last call of a function gave, in a form to be read. */
export interface FunctionResult {
  readonly isFailure: boolean;
  /** One line, at most 200 characters. */
  readonly preview: string;
  readonly durationMs: number;
  /** Undefined after *Run in Python*, of which no server knows. */
  readonly call: CallRecord | undefined;
  /** More of it: the value as JSON or text, or the traceback. Asked for when somebody looks. */
  details(): Promise<string>;
}

/** What `FunctionResults` works with. */
export interface FunctionResultsOptions {
  readonly history: CallHistory;
  readonly watches: { of(record: CallRecord): ResultWatch };
  /** The text of a function as it stands in an editor now. */
  readonly sourceOf: (owner: ServedFunction) => Promise<string | undefined>;
}

type ResultWatch = Pick<CallWatch, "subscribe" | "finished" | "value">;

interface Entry {
  readonly owner: ServedFunction;
  /** Which call it is: an old one's end must not take the place of a newer one's. */
  readonly key: string;
  /** The function's text when the call began: the result belongs to that text. */
  readonly source: Promise<string | undefined>;
  readonly result: FunctionResult | undefined;
}

/** A larger value is shown by its beginning alone. */
const MAX_VALUE_BYTES = 200_000;

/** The results of calls that began in this window, one for each function: the newest. Those of maps are left to their panels. */
export class FunctionResults {
  readonly #options: FunctionResultsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  /** Calls that were there before this window was, or whose result was taken. */
  readonly #done: Set<string>;
  readonly #closed = new AbortController();
  #numLocal = 0;

  constructor(options: FunctionResultsOptions) {
    this.#options = options;
    this.#done = new Set(options.history.records.map(({ functionCallId }) => functionCallId));
    this.#stopListening = options.history.onChange(() => this.#readHistory());
  }

  /** Whether there may be something to show. */
  get hasAny(): boolean {
    return this.#entries.size > 0;
  }

  /** The result of a function, if its text is still what it was when the call began. */
  async of(fn: NamedFunction, source: string): Promise<FunctionResult | undefined> {
    const entry = [...this.#entries.values()].find(({ owner }) => isNamed(owner, fn));
    return entry?.result && (await entry.source) === source ? entry.result : undefined;
  }

  /**
   * Notes that a call begins of which no server knows. What was shown for the function is gone.
   *
   * @returns takes the result of the call; it is dropped when another call of the function has begun since
   */
  begin(owner: ServedFunction): (result: FunctionResult) => void {
    const key = `local-${this.#numLocal++}`;
    this.#begin(owner, key);
    return (result) => this.#end(owner, key, result);
  }

  /** Calls the listener after each change; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stopListening();
    this.#closed.abort();
  }

  #readHistory(): void {
    const seen = new Set<string>();
    for (const record of this.#options.history.records) {
      const { functionCallId: key, finishedAt } = record;
      const name = nameOf(record);
      if (seen.has(name)) continue; // The records are the newest first.
      seen.add(name);
      if (this.#done.has(key)) continue;
      if (this.#entries.get(name)?.key !== key) this.#begin(record, key);
      if (finishedAt === undefined) continue;
      this.#done.add(key);
      if (record.kind !== "map") void this.#take(record, finishedAt - record.createdAt);
    }
  }

  /** A result that cannot be had is not shown; the call's panel says why. */
  async #take(record: CallRecord, durationMs: number): Promise<void> {
    const watch = this.#options.watches.of(record);
    try {
      const summary = await watch.finished(this.#closed.signal);
      const result = resultOf(watch, summary);
      this.#end(record, record.functionCallId, { ...result, durationMs, call: record });
    } catch {
      // Its server is gone, or the window is closed.
    }
  }

  #begin(owner: ServedFunction, key: string): void {
    this.#entries.set(nameOf(owner), { owner, key, source: this.#options.sourceOf(owner), result: undefined });
    this.#tell();
  }

  #end(owner: ServedFunction, key: string, result: FunctionResult): void {
    const entry = this.#entries.get(nameOf(owner));
    if (entry?.key !== key) return;
    this.#entries.set(nameOf(owner), { ...entry, result });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function resultOf(watch: ResultWatch, summary: CallSummary): Omit<FunctionResult, "durationMs" | "call"> {
  const rows = rowsOf(watch);
  const last = rows.at(-1);
  return {
    isFailure: failedInputs(summary.counts) > 0,
    preview: previewOf(summary, rows),
    details: async () => {
      if (!last) return "";
      const isLarge = last.size === undefined || last.size > MAX_VALUE_BYTES;
      return isLarge && last.kind !== "error" ? last.preview : detailsOf(await watch.value(last.index), last);
    },
  };
}

/** What a watch knows of results now. */
function rowsOf(watch: ResultWatch): readonly ResultRow[] {
  const rows: ResultRow[] = [];
  const stop = watch.subscribe((event) => {
    if (event.type === "rows") rows.push(...event.rows);
  });
  stop();
  return rows;
}

function previewOf({ isGenerator }: CallSummary, rows: readonly ResultRow[]): string {
  const last = rows.at(-1);
  if (!isGenerator || last?.kind === "error") return last?.preview ?? "";
  const items = rows.length === 1 ? l10n.t("1 item") : l10n.t`${rows.length} items`;
  return last ? l10n.t`${items}, the last ${last.preview}` : items;
}

function detailsOf(value: ResultValue, { preview }: ResultRow): string {
  if (value.kind === "json" || value.kind === "text") return value.text;
  return value.kind === "error" ? value.traceback || value.message : preview;
}

function nameOf({ appName, functionName }: ServedFunction): string {
  return JSON.stringify([appName, functionName]);
}
