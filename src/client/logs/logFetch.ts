import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError } from "../errors.ts";
import { fileDescriptorOf, filterIds, type LogEntry, type LogFilter, logEntry } from "./logEntry.ts";
import { bucketSecondsFor, FETCH_LIMIT, fetchIntervals, halves, type Interval } from "./logIntervals.ts";

/** Which logs, and of which time. */
export interface LogFetchOptions extends LogFilter {
  /** From then on, in unix milliseconds. */
  readonly since: number;
  /** Up to then, in unix milliseconds. Default: now. */
  readonly until?: number | undefined;
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Which logs, and how many of the last. */
export interface LogTailOptions extends LogFilter {
  /** At most so many entries, up to 20,000. Default: 100. */
  readonly limit?: number | undefined;
  /** None before then, in unix milliseconds. Default: looks back as far as 30 days. */
  readonly since?: number | undefined;
  /** None from then on, in unix milliseconds. Default: now. */
  readonly until?: number | undefined;
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Which logs to count, of which time, and in what steps. */
export interface LogCountOptions extends LogFetchOptions {
  /** The length of a bucket. Default: the shortest with which about 100 cover the time. */
  readonly bucketSeconds?: number | undefined;
}

/** How many entries a span of time has. */
export interface LogCount {
  /** Where the bucket begins, in unix milliseconds: a multiple of its length. */
  readonly startsAt: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly system: number;
}

const DAY_MS = 86_400_000;

/** Modal's servers refuse longer ones. */
const MAX_SPAN_MS = 35 * DAY_MS;

/** How far back the last entries are looked for, one after another, until there are enough. */
const LOOKBACKS_MS = [DAY_MS / 24, DAY_MS, 7 * DAY_MS, 30 * DAY_MS];

const DEFAULT_TAIL = 100;
const MAX_CONCURRENT_FETCHES = 10;
const MAX_FETCHES = 500;

/**
 * Reads all logs of a span of time in its order. What there is to fetch is counted first (`AppCountLogs`) and then fetched in intervals
 * (`AppFetchLogs`), a few at once, no further ahead of the reader than that.
 *
 * @throws InvalidError when the span is empty, longer than 35 days, or holds too much
 */
export async function* fetchLogs(
  rpc: ModalRpc,
  { until = Date.now(), ...options }: LogFetchOptions,
): AsyncGenerator<LogEntry, void, undefined> {
  const span = checkedSpan(options.since, until);
  const bucketSeconds = bucketSecondsFor(span);
  const counts = await countLogs(rpc, { ...options, until, bucketSeconds });
  const buckets = counts.map(({ startsAt, stdout, stderr, system }) => ({
    since: startsAt,
    until: startsAt + bucketSeconds * 1_000,
    count: stdout + stderr + system,
  }));
  const intervals = fetchIntervals(buckets, span);
  if (intervals.length > MAX_FETCHES) throw tooMany();
  using left = abortedWhenLeft(options.signal);
  const fetches = intervals.map((interval) => () => fetchAll(rpc, { ...options, signal: left.signal }, interval));
  for await (const entries of fewAtOnce(fetches)) yield* entries;
}

/**
 * The last entries, oldest first.
 *
 * @throws InvalidError when the limit is not one from 1 to 20,000, or the span is empty or longer than 35 days
 */
export async function tailLogs(rpc: ModalRpc, options: LogTailOptions): Promise<LogEntry[]> {
  const { limit = DEFAULT_TAIL, until = Date.now() } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > FETCH_LIMIT) {
    throw new InvalidError(`The last ${limit} log entries cannot be fetched; ask for 1 to 20,000 of them.`);
  }
  if (options.since !== undefined) return fetchOnce(rpc, options, checkedSpan(options.since, until), limit);
  let entries: LogEntry[] = [];
  for (const lookbackMs of LOOKBACKS_MS) {
    entries = await fetchOnce(rpc, options, { since: until - lookbackMs, until }, limit);
    if (entries.length >= limit) break;
  }
  return entries;
}

/** Counts entries by source, a row for each bucket (`AppCountLogs`). */
export async function countLogs(rpc: ModalRpc, options: LogCountOptions): Promise<LogCount[]> {
  const span = checkedSpan(options.since, options.until ?? Date.now());
  const { buckets } = await rpc.appCountLogs(
    { ...query(options, span), bucketSecs: options.bucketSeconds ?? bucketSecondsFor(span) },
    { signal: options.signal },
  );
  return buckets.map(({ bucketStartAt, stdoutLogs, stderrLogs, systemLogs }) => ({
    startsAt: bucketStartAt ? timestampMs(bucketStartAt) : 0,
    stdout: Number(stdoutLogs),
    stderr: Number(stderrLogs),
    system: Number(systemLogs),
  }));
}

/** All entries of an interval, however many: a full answer may not be all, so each half is asked for again. */
async function fetchAll(rpc: ModalRpc, options: LogFetchOptions, interval: Interval): Promise<LogEntry[]> {
  const entries = await fetchOnce(rpc, options, interval, FETCH_LIMIT);
  if (entries.length < FETCH_LIMIT) return entries;
  const both = halves(interval);
  if (!both) throw tooMany();
  return [...(await fetchAll(rpc, options, both[0])), ...(await fetchAll(rpc, options, both[1]))];
}

async function fetchOnce(
  rpc: ModalRpc,
  options: LogFilter & { readonly signal?: AbortSignal | undefined },
  interval: Interval,
  limit: number,
): Promise<LogEntry[]> {
  const { batches } = await rpc.appFetchLogs({ ...query(options, interval), limit }, { signal: options.signal });
  const entries = batches.flatMap((batch) => batch.items.map((item) => logEntry(item, batch, "")));
  return entries.sort((a, b) => a.at - b.at);
}

function query(filter: LogFilter, { since, until }: Interval) {
  return {
    ...filterIds(filter),
    source: fileDescriptorOf(filter.source),
    searchText: filter.searchText ?? "",
    since: timestampFromMs(since),
    until: timestampFromMs(until),
  };
}

/** Makes the promises in their order, a few at once, and yields what they resolve with in the same order. */
async function* fewAtOnce<T>(makers: readonly (() => Promise<T>)[]): AsyncGenerator<T, void, undefined> {
  const begun: Promise<T>[] = [];
  let next = 0;
  while (next < makers.length || begun.length > 0) {
    for (const make of makers.slice(next, next + MAX_CONCURRENT_FETCHES - begun.length)) {
      const promise = make();
      promise.catch(() => {}); // Whoever waits for it is told; nobody may be there yet.
      begun.push(promise);
      next += 1;
    }
    for (const first of begun.splice(0, 1)) yield await first;
  }
}

/** A signal that follows another one, and aborts when its scope is left. */
function abortedWhenLeft(signal: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    [Symbol.dispose]: () => controller.abort(),
  };
}

function checkedSpan(since: number, until: number): Interval {
  if (!(since < until)) throw new InvalidError("The logs of no time were asked for; begin before the end.");
  if (until - since > MAX_SPAN_MS)
    throw new InvalidError("Logs can be fetched of at most 35 days at once; ask for less.");
  return { since: Math.floor(since), until: Math.ceil(until) };
}

function tooMany(): InvalidError {
  return new InvalidError(
    "There are too many log entries to fetch at once; ask for a shorter time, or narrow the filter.",
  );
}
