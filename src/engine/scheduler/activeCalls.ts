import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { CallProgress, CallRecord } from "../store/callStore.ts";
import type { Store } from "../store/store.ts";
import { ActiveCall } from "./activeCall.ts";
import type { Clock } from "./clock.ts";

/** Calls without work that are remembered before the oldest are let go; the store still has them. */
const MAX_REMEMBERED_CALLS = 1_000;

/** A client that is there asks at least once a minute; one that reads its inputs from somewhere slow may add none for long. */
const ABANDONED_MS = 3_600_000;

/** The function calls that something is happening to. Others are made from the store when somebody asks for them. */
export class ActiveCalls {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #calls = new Map<number, ActiveCall>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws RpcError NOT_FOUND */
  record(functionCallId: string): CallRecord {
    const record = this.#store.calls.get(functionCallId);
    if (record) return record;
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `There is no function call ${functionCallId} here; it may have been cleaned, or belong to another target.`,
    );
  }

  /** @throws RpcError NOT_FOUND */
  get(functionCallId: string): ActiveCall {
    const record = this.record(functionCallId);
    const call = this.find(record.number) ?? this.remember(record);
    call.usedAt = this.#clock.now();
    return call;
  }

  /** The call, if something is happening to it. */
  find(callNumber: number): ActiveCall | undefined {
    return this.#calls.get(callNumber);
  }

  /** @param progress how far it is, where that is known; otherwise it is read from the store */
  remember(record: CallRecord, progress?: CallProgress): ActiveCall {
    const call = new ActiveCall(record, progress ?? this.#store.calls.progress(record.number));
    call.usedAt = this.#clock.now();
    this.#calls.set(record.number, call);
    if (this.#calls.size > MAX_REMEMBERED_CALLS) this.#letGo(call);
    return call;
  }

  /** Lets go of what the store no longer has. */
  forget(callNumber: number): void {
    this.#calls.delete(callNumber);
  }

  /** Ids of the calls that wait for inputs of a client that seems to be gone. */
  abandoned(): string[] {
    const before = this.#clock.now() - ABANDONED_MS;
    return [...this.#calls.values()]
      .filter((call) => !call.closed && call.unfinished === 0 && !call.isWatched && call.usedAt < before)
      .map(({ record }) => record.functionCallId);
  }

  unfinishedOf(functionId: string): ActiveCall | undefined {
    for (const call of this.#calls.values()) {
      if (call.record.functionId === functionId && call.unfinished > 0 && !call.cancelled) return call;
    }
    return undefined;
  }

  get unfinishedInputs(): number {
    let total = 0;
    for (const call of this.#calls.values()) total += call.unfinished;
    return total;
  }

  /** Wakes everybody who waits for any of them. */
  notifyAll(): void {
    for (const call of this.#calls.values()) call.notify();
  }

  #letGo(newest: ActiveCall): void {
    for (const [number, candidate] of this.#calls) {
      if (this.#calls.size <= MAX_REMEMBERED_CALLS) break;
      if (candidate.idle && candidate !== newest) this.#calls.delete(number);
    }
  }
}
