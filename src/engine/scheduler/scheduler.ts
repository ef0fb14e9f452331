import {
  type FunctionCallType as CallType,
  type FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { type InputKey, inputKey, MAX_INPUTS_PER_CALL, newId } from "../ids.ts";
import type { AppRecord } from "../store/appStore.ts";
import type { CallProgress, CallRecord, ReadLimits, StoredOutput } from "../store/callStore.ts";
import type { Store } from "../store/store.ts";
import type { WorkerLaunch } from "../workers/worker.ts";
import { ActiveCall } from "./activeCall.ts";
import { FunctionPool, type PoolStats, type PoolSurroundings } from "./functionPool.ts";
import { CANCELLED, type Outcome, outcomeWithoutData } from "./outcome.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** An input as a caller hands it in. */
export interface NewInput {
  readonly index: number;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  readonly args: Uint8Array;
}

export interface NewFunctionCall {
  readonly functionId: string;
  readonly callType: CallType;
  readonly invocationType: Invocation;
  readonly parentInput: InputKey | undefined;
  /** The same key again means the same call again. */
  readonly idempotencyKey?: string | undefined;
  readonly inputs: readonly NewInput[];
  /** No more inputs will come. */
  readonly closed: boolean;
}

/** Which outputs to read: those after a place in the call's log, or those of a range of indexes. */
export type OutputsWanted =
  | { readonly after: number; readonly limits: ReadLimits }
  | { readonly start: number; readonly end: number; readonly limits: ReadLimits };

/** Arguments up to this size stay in memory until they are sent; larger ones are read from the store. */
const KEEP_ARGS_BYTES = 4_096;
/** Calls without work that are remembered before the oldest are let go; the store still has them. */
const MAX_REMEMBERED_CALLS = 1_000;
const STORE_RETRY_MS = 1_000;

/**
 * The verbs of function calls. Everything that is acknowledged here is committed first; what a pool decides is committed before
 * anybody can read it.
 */
export class Scheduler {
  readonly #store: Store;
  readonly #surroundings: PoolSurroundings;
  readonly #launchOf: (functionId: string) => Omit<WorkerLaunch, "taskId">;
  readonly #pools = new Map<string, FunctionPool>();
  readonly #calls = new Map<number, ActiveCall>();
  #closed = false;

  /** @param launchOf what a function's containers are started with now; throws NOT_FOUND when it is not deployed */
  constructor(
    store: Store,
    launchOf: (functionId: string) => Omit<WorkerLaunch, "taskId">,
    surroundings: Omit<PoolSurroundings, "finish" | "argsOf">,
  ) {
    this.#store = store;
    this.#launchOf = launchOf;
    this.#surroundings = {
      ...surroundings,
      finish: (input, outcome) => this.#finish(input, outcome),
      argsOf: (input) => input.args ?? store.calls.args(input.key),
    };
  }

  /** Takes up what was unfinished when the last engine ended. */
  recover(): void {
    for (const record of this.#store.calls.unfinished()) {
      const call = this.#remember(record);
      const pending = this.#store.calls.pendingInputs(record.number);
      const inputs = pending.map((input) => scheduled(call, { ...input, args: undefined }));
      if (inputs.length > 0) this.#enqueue(call, inputs);
      else this.#finishIfDone(call);
    }
  }

  /** Puts a new version of an app in place. */
  appDeployed(app: AppRecord): void {
    const live = new Set(app.definition.functions.map(({ name }) => name));
    for (const { functionId, name } of this.#store.apps.functions(app.appId)) {
      const definition = app.definition.functions.find((candidate) => candidate.name === name);
      const pool = this.#pools.get(functionId);
      if (pool && live.has(name)) pool.update(this.#launchOf(functionId));
      else if ((definition?.options.min_containers ?? 0) > 0) this.#pool(functionId);
    }
  }

  /** Ends an app's containers; what its functions still had to do is cancelled. */
  async appStopped(appId: string): Promise<void> {
    for (const { functionId } of this.#store.apps.functions(appId)) {
      for (const call of [...this.#calls.values()]) {
        if (call.record.functionId === functionId && call.unfinished > 0) await this.cancel(call.record, true);
      }
      this.#pools.get(functionId)?.close();
      this.#pools.delete(functionId);
    }
  }

  async startCall(request: NewFunctionCall): Promise<CallRecord> {
    this.#launchOf(request.functionId);
    const again = request.idempotencyKey && this.#store.calls.byIdempotencyKey(request.idempotencyKey);
    if (again) return again;
    const record = {
      functionCallId: newId("fc"),
      functionId: request.functionId,
      callType: request.callType,
      invocationType: request.invocationType,
      parentInput: request.parentInput,
      createdAt: this.#surroundings.clock.now() / 1_000,
    };
    let number = 0;
    await this.#commit(() => {
      const { calls } = this.#store;
      number = calls.insertCall({ ...record, idempotencyKey: request.idempotencyKey });
      for (const input of request.inputs) calls.insertInput({ ...input, key: inputKey(number, input.index) });
      if (request.closed) calls.close(number);
    });
    const stored = { ...record, number, closed: request.closed, cancelled: false, finishedAt: undefined };
    const inputs = request.inputs.length;
    const call = this.#remember(stored, { inputs, entries: 0, byStatus: new Map([[Status.UNSPECIFIED, inputs]]) });
    this.#enqueue(
      call,
      request.inputs.map((input) => scheduled(call, { ...input, key: inputKey(number, input.index) })),
    );
    if (call.closed) this.#finishIfDone(call);
    return stored;
  }

  /** Adds inputs to an open call. One that the call has already (a repeated request) is left as it is. */
  async putInputs(functionCallId: string, inputs: readonly NewInput[]): Promise<CallRecord> {
    const call = this.#call(functionCallId);
    if (call.closed && !call.cancelled) {
      throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The function call ${functionCallId} takes no more inputs.`);
    }
    if (inputs.some(({ index }) => index < 0 || index >= MAX_INPUTS_PER_CALL)) {
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `A call holds at most ${MAX_INPUTS_PER_CALL} inputs.`);
    }
    const added: NewInput[] = [];
    await this.#commit(() => {
      for (const input of inputs) {
        const key = inputKey(call.record.number, input.index);
        if (this.#store.calls.insertInput({ ...input, key })) added.push(input);
      }
    });
    call.inputs += added.length;
    this.#enqueue(
      call,
      added.map((input) => scheduled(call, { ...input, key: inputKey(call.record.number, input.index) })),
    );
    return call.record;
  }

  /** Says that no more inputs will come. */
  async closeCall(functionCallId: string): Promise<void> {
    const call = this.#call(functionCallId);
    if (call.closed) return;
    await this.#commit(() => this.#store.calls.close(call.record.number));
    call.closed = true;
    this.#finishIfDone(call);
  }

  /**
   * Cancels a call and the calls that its unfinished inputs made. Resolves when that is recorded; running code may take a
   * moment to stop.
   */
  async cancel(record: CallRecord, terminateContainers: boolean): Promise<void> {
    const call = this.#call(record.functionCallId);
    const unfinished = new Set(this.#store.calls.pendingInputs(record.number).map(({ key }) => key));
    await this.#commit(() => this.#store.calls.markCancelled(record.number));
    call.cancelled = true;
    call.closed = true;
    this.#pools.get(record.functionId)?.cancel(call, terminateContainers);
    this.#finishIfDone(call);
    for (const child of this.#store.calls.children(record.number)) {
      const byUnfinished = child.parentInput !== undefined && unfinished.has(child.parentInput);
      if (byUnfinished && child.finishedAt === undefined) await this.cancel(child, terminateContainers);
    }
  }

  /**
   * Reads outputs, waiting for the first one up to `timeoutMs`.
   *
   * @returns no outputs when the time is over, or when none will come
   */
  async outputs(
    functionCallId: string,
    wanted: OutputsWanted,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ outputs: StoredOutput[]; unfinished: number }> {
    const call = this.#call(functionCallId);
    const deadline = this.#surroundings.clock.now() + timeoutMs;
    for (;;) {
      const outputs = this.#read(call, wanted);
      const left = deadline - this.#surroundings.clock.now();
      const over = left <= 0 || signal?.aborted || (call.closed && call.unfinished === 0);
      if (outputs.length > 0 || over) return { outputs, unfinished: call.unfinished };
      await call.changed(left, signal);
    }
  }

  record(functionCallId: string): CallRecord {
    const record = this.#store.calls.get(functionCallId);
    if (record) return record;
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `There is no function call ${functionCallId} here; it may have been cleaned, or belong to another target.`,
    );
  }

  stats(functionId: string): PoolStats {
    const idle = { backlog: 0, numTotalTasks: 0, numRunningInputs: 0, inputHeadroom: 0 };
    return this.#pools.get(functionId)?.stats() ?? idle;
  }

  containers(): { functionId: string; taskId: string; startedAt: number }[] {
    return [...this.#pools].flatMap(([functionId, pool]) =>
      pool.containers().map((container) => ({ functionId, ...container })),
    );
  }

  stopContainer(taskId: string, graceful: boolean): boolean {
    return [...this.#pools.values()].some((pool) => pool.stopContainer(taskId, graceful));
  }

  get unfinishedInputs(): number {
    let total = 0;
    for (const call of this.#calls.values()) total += call.unfinished;
    return total;
  }

  /** Lets go of what the store no longer has. */
  forget(callNumber: number): void {
    this.#calls.delete(callNumber);
  }

  /** Ends every container. Unfinished inputs stay pending in the store. */
  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
    for (const call of this.#calls.values()) call.notify();
  }

  #read(call: ActiveCall, wanted: OutputsWanted): StoredOutput[] {
    const { number } = call.record;
    if ("after" in wanted) return this.#store.calls.outputsAfter(number, wanted.after, wanted.limits);
    return this.#store.calls.outputsByIndex(number, wanted.start, wanted.end, wanted.limits);
  }

  #enqueue(call: ActiveCall, inputs: ScheduledInput[]): void {
    if (call.cancelled) {
      const now = this.#surroundings.clock.now() / 1_000;
      for (const input of inputs) this.#finish(input, outcomeWithoutData(Status.TERMINATED, CANCELLED, now));
      return;
    }
    if (inputs.length > 0) this.#pool(call.record.functionId).enqueue(inputs);
  }

  #finish(input: ScheduledInput, outcome: Outcome): void {
    if (this.#closed) return;
    const { call } = input;
    const entry = ++call.entries;
    const write = () => {
      // The retry count is the one of the caller's retries; ours happen unseen by it.
      this.#store.calls.insertOutput(entry, { ...outcome, input: input.key, retryCount: 0 });
    };
    const committed = () => {
      call.finished += 1;
      if (call.closed) this.#finishIfDone(call);
      call.notify();
    };
    this.#untilStored(write, committed);
  }

  /** A result must not be lost because the disk was full for a while: tries until it is stored. */
  #untilStored(write: () => void, committed: () => void): void {
    this.#store.database.write(write).then(committed, (error: unknown) => {
      if (this.#closed) return;
      process.stderr.write(`An output could not be stored, trying again in a second: ${String(error)}\n`);
      this.#surroundings.clock.after(STORE_RETRY_MS, () => this.#untilStored(write, committed));
    });
  }

  #finishIfDone(call: ActiveCall): void {
    if (call.unfinished > 0 || !call.closed) return;
    const finishedAt = this.#surroundings.clock.now() / 1_000;
    this.#untilStored(
      () => this.#store.calls.markFinished(call.record.number, finishedAt),
      () => call.notify(),
    );
  }

  #pool(functionId: string): FunctionPool {
    let pool = this.#pools.get(functionId);
    if (!pool) {
      pool = new FunctionPool(this.#launchOf(functionId), this.#surroundings);
      this.#pools.set(functionId, pool);
    }
    return pool;
  }

  #call(functionCallId: string): ActiveCall {
    const record = this.record(functionCallId);
    return this.#calls.get(record.number) ?? this.#remember(record);
  }

  #remember(record: CallRecord, progress?: CallProgress): ActiveCall {
    const call = new ActiveCall(record, progress ?? this.#store.calls.progress(record.number));
    this.#calls.set(record.number, call);
    if (this.#calls.size > MAX_REMEMBERED_CALLS) {
      for (const [number, candidate] of this.#calls) {
        if (this.#calls.size <= MAX_REMEMBERED_CALLS) break;
        if (candidate.idle && candidate !== call) this.#calls.delete(number);
      }
    }
    return call;
  }

  async #commit(write: () => void): Promise<void> {
    try {
      await this.#store.database.write(write);
    } catch (error) {
      throw new RpcError(
        RpcStatus.RESOURCE_EXHAUSTED,
        `The engine could not store this, so nothing was accepted (${error instanceof Error ? error.message : String(error)}); make room on the disk and try again.`,
        { cause: error },
      );
    }
  }
}

function scheduled(
  call: ActiveCall,
  input: { key: InputKey; dataFormat: number; methodName: string | undefined; args: Uint8Array | undefined },
): ScheduledInput {
  const { key, dataFormat, methodName, args } = input;
  return {
    key,
    call,
    dataFormat,
    methodName,
    args: args && args.length <= KEEP_ARGS_BYTES ? args : undefined,
    retryCount: 0,
    lost: 0,
    cancelled: false,
    recalled: false,
  };
}
