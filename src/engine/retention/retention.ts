import { setImmediate as nextTurn } from "node:timers/promises";
import type { Deployments } from "../deploy/deployments.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Clock } from "../scheduler/clock.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { Store } from "../store/store.ts";
import type { RetentionLimits } from "./limits.ts";

/** What retention works on. */
export interface RetentionParts {
  readonly store: Store;
  readonly payloads: PayloadFiles;
  readonly scheduler: Pick<Scheduler, "closeAbandoned" | "forget" | "unfinishedInputs">;
  readonly deployments: Pick<Deployments, "clean">;
  readonly clock: Clock;
  /** Bytes of the files of payloads. */
  readonly payloadBytes: () => Promise<number>;
}

/** What was forgotten, or would be. */
export interface Forgotten {
  readonly functionCalls: number;
  /** Of payloads and logs. */
  readonly bytes: number;
}

/** One step's rows: a few milliseconds. */
const ROWS_AT_ONCE = 500;
const ROWS_COUNTED_AT_ONCE = 2_000;
const CALLS_AT_ONCE = 100;
/** With their versions, functions and instances. */
const APPS_AT_ONCE = 20;
const LOOK_EVERY_MS = 60_000;
/** So often also while there is work, or nothing has changed: calls grow old by themselves. */
const LOOK_ANYWAY_MS = 60 * 60_000;
/** Results that somebody may just be reading stay, however little space there is. */
const FRESH_MS = 10 * 60_000;

/**
 * Forgets finished calls: on request, and by itself at quiet moments when they are older, or take more space, than the limits allow. What is
 * unfinished stays, with the calls that it made. All is done in small steps between which the engine answers.
 */
export class Retention {
  readonly limits: RetentionLimits;
  readonly #parts: RetentionParts;
  #working: Promise<unknown> = Promise.resolve();
  #lastLook = { at: 0, changes: 0 };
  #stopLooking: (() => void) | undefined;
  #closed = false;

  constructor(parts: RetentionParts, limits: RetentionLimits) {
    this.#parts = parts;
    this.limits = limits;
  }

  /** Looks from time to time whether something is to be forgotten. */
  start(): void {
    this.#stopLooking = this.#parts.clock.every(LOOK_EVERY_MS, () => {
      if (this.#isTime()) this.applyLimits().catch(report);
    });
  }

  close(): void {
    this.#closed = true;
    this.#stopLooking?.();
  }

  /** Forgets the calls that finished so long ago. */
  forgetOlder(ageMs: number): Promise<Forgotten> {
    return this.#alone(async () => {
      await this.#parts.scheduler.closeAbandoned();
      const time = this.#parts.clock.unixMs() - ageMs;
      const calls = await this.#takeBefore(time, this.#forgetting());
      const logs = await this.#deleteLogsOfNoCall(time);
      // Holds up everything for a moment, once for a folder of before: only when somebody asks, and nothing runs.
      if (this.#parts.scheduler.unfinishedInputs === 0) this.#parts.store.database.modernize();
      await this.#deleteEndedRuns(time);
      await this.#tidy();
      return sum(calls, logs);
    });
  }

  /** Forgets what the limits do not allow. */
  applyLimits(): Promise<Forgotten> {
    return this.#alone(async () => {
      const { clock, scheduler, store } = this.#parts;
      await scheduler.closeAbandoned();
      await this.#deleteRows(); // Those that a past engine did not get to.
      const { maxAgeMs } = this.limits;
      const logs = maxAgeMs > 0 ? await this.#deleteLogsOfNoCall(clock.unixMs() - maxAgeMs) : NOTHING;
      const calls = await this.#takeBeyondLimits(this.#forgetting());
      await this.#deleteEndedRuns(clock.unixMs() - (maxAgeMs || FRESH_MS));
      await this.#tidy();
      this.#lastLook = { at: clock.now(), changes: store.database.changes };
      return sum(logs, calls);
    });
  }

  /** Says of which calls {@link forgetOlder} would forget how much now. */
  countOlder(ageMs: number): Promise<Forgotten> {
    return this.#alone(() => this.#takeBefore(this.#parts.clock.unixMs() - ageMs, this.#counting()));
  }

  /** Says of which calls {@link applyLimits} would forget how much now. */
  countBeyondLimits(): Promise<Forgotten> {
    return this.#alone(() => this.#takeBeyondLimits(this.#counting()));
  }

  #isTime(): boolean {
    const { clock, scheduler, store } = this.#parts;
    const isQuiet = scheduler.unfinishedInputs === 0;
    const hasChanged = store.database.changes !== this.#lastLook.changes;
    return (isQuiet && hasChanged) || clock.now() - this.#lastLook.at >= LOOK_ANYWAY_MS;
  }

  #forgetting(): Taking {
    return { isTaken: () => false, take: (functionCall) => this.#forget(functionCall) };
  }

  #counting(): Taking {
    const counted = new Set<number>();
    return {
      isTaken: (functionCall) => counted.has(functionCall),
      take: async (functionCall) => {
        counted.add(functionCall);
        return { functionCalls: 1, bytes: await this.#countRows(functionCall) };
      },
    };
  }

  async #takeBefore(time: number, { take }: Taking): Promise<Forgotten> {
    let taken = NOTHING;
    for (const functionCall of this.#finishedBefore(time)) taken = sum(taken, await take(functionCall));
    return taken;
  }

  /** Takes what is too old, then the oldest until what is left fits. */
  async #takeBeyondLimits(taking: Taking): Promise<Forgotten> {
    const { clock, store, payloadBytes } = this.#parts;
    const { maxAgeMs, maxBytes } = this.limits;
    const size = store.database.usedBytes + (await payloadBytes());
    let taken = maxAgeMs > 0 ? await this.#takeBefore(clock.unixMs() - maxAgeMs, taking) : NOTHING;
    if (maxBytes === 0) return taken;
    for (const functionCall of this.#finishedBefore(clock.unixMs() - FRESH_MS)) {
      if (size - taken.bytes - taken.functionCalls * CALL_BYTES <= maxBytes) break;
      if (!taking.isTaken(functionCall)) taken = sum(taken, await taking.take(functionCall));
    }
    return taken;
  }

  /** Pages of the store, so that calls may go while they are looked at. */
  *#finishedBefore(time: number): Generator<number> {
    for (let after = 0; !this.#closed; ) {
      const page = this.#parts.store.calls.finishedBefore(time / 1_000, { after, limit: CALLS_AT_ONCE });
      const last = page.at(-1);
      if (last === undefined) return;
      yield* page;
      after = last;
    }
  }

  async #forget(functionCall: number): Promise<Forgotten> {
    const { store, scheduler } = this.#parts;
    await store.database.write(() => store.forgotten.add(functionCall));
    scheduler.forget(functionCall);
    return { functionCalls: 1, bytes: await this.#deleteRows() };
  }

  async #countRows(functionCall: number): Promise<number> {
    let bytes = 0;
    for (const some of this.#parts.store.forgotten.bytesOf(functionCall, ROWS_COUNTED_AT_ONCE)) {
      bytes += some;
      await nextTurn();
      if (this.#closed) break;
    }
    return bytes;
  }

  async #deleteRows(): Promise<number> {
    const { store, payloads } = this.#parts;
    let bytes = 0;
    while (!this.#closed) {
      const deleted = await store.database.write(() => store.forgotten.deleteSome(ROWS_AT_ONCE));
      if (!deleted) break;
      bytes += deleted.bytes;
      payloads.remove(deleted.blobIds);
    }
    return bytes;
  }

  async #deleteLogsOfNoCall(before: number): Promise<Forgotten> {
    const { store } = this.#parts;
    let bytes = 0;
    while (!this.#closed) {
      const deleted = await store.database.write(() => store.logs.deleteOfNoInput(before / 1_000, ROWS_AT_ONCE));
      bytes += deleted.bytes;
      if (deleted.records < ROWS_AT_ONCE) break;
    }
    return { functionCalls: 0, bytes };
  }

  /** Forgets the apps that ran without being deployed and ended before a time, when nothing else is left of them. */
  #deleteEndedRuns(before: number): Promise<void> {
    const { apps } = this.#parts.store;
    return this.#inSteps(APPS_AT_ONCE, (limit) => apps.deleteEndedRuns(before / 1_000, limit));
  }

  /** Forgets the instances that classes of stopped apps had. */
  #deleteBindings(): Promise<void> {
    const { apps } = this.#parts.store;
    return this.#inSteps(ROWS_AT_ONCE, (limit) => apps.deleteUnusedBindings(limit));
  }

  /** @param some does a part of the work, and says how much of the limit it used: all of it when there is more to do */
  async #inSteps(limit: number, some: (limit: number) => number): Promise<void> {
    while (!this.#closed && (await this.#parts.store.database.write(() => some(limit))) === limit);
  }

  /** Removes the files that nothing needs any more, and gives the space of deleted rows back to the disk. */
  async #tidy(): Promise<void> {
    const { payloads, deployments, store } = this.#parts;
    payloads.removeOldUploads();
    deployments.clean();
    await this.#deleteBindings();
    while (!this.#closed && store.database.releaseSpace()) await nextTurn();
  }

  /** One at a time: each counts what it forgets. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#working.then(work);
    this.#working = result.catch(() => {});
    return result;
  }
}

/** What is done with calls: they are forgotten, or only counted. */
interface Taking {
  readonly isTaken: (functionCall: number) => boolean;
  readonly take: (functionCall: number) => Promise<Forgotten>;
}

const NOTHING: Forgotten = { functionCalls: 0, bytes: 0 };
/** About what the rows of a call take beside their payloads. */
const CALL_BYTES = 400;

function sum(one: Forgotten, other: Forgotten): Forgotten {
  return { functionCalls: one.functionCalls + other.functionCalls, bytes: one.bytes + other.bytes };
}

function report(error: unknown): void {
  process.stderr.write(`Old calls could not be forgotten: ${String(error)}\n`);
}
