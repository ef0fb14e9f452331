import { GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { callNumberOf, type InputKey, indexOf } from "../ids.ts";
import { isFile, type Payload } from "../payloads/payload.ts";
import type { AppRecord } from "../store/appStore.ts";
import type { CallProgress, CallRecord, StoredOutput } from "../store/callStore.ts";
import type { StoredItem } from "../store/itemStore.ts";
import { reasonOf } from "../store/notStoredError.ts";
import type { Store } from "../store/store.ts";
import type { ActiveCall } from "./activeCall.ts";
import { ActiveCalls } from "./activeCalls.ts";
import { FunctionPools, type LaunchOf } from "./functionPools.ts";
import { GeneratorItems } from "./generatorItems.ts";
import {
  checkCallable,
  checkIndexes,
  isWaitedFor,
  type NewAttempt,
  type NewFunctionCall,
  type NewInput,
} from "./newCall.ts";
import { type AcceptedCall, NewWork } from "./newWork.ts";
import { CANCELLED, type Outcome, outcomeWithoutData } from "./outcome.ts";
import { OutputLog, type OutputsWanted } from "./outputLog.ts";
import type { PoolStats } from "./poolLoad.ts";
import type { PoolSurroundings } from "./poolSurroundings.ts";
import { type ScheduledInput, scheduledInput, scheduledInputs } from "./scheduledInput.ts";

const FIRST_OUTPUT: OutputsWanted = { after: 0, limits: { maxOutputs: 1, maxBytes: Number.POSITIVE_INFINITY } };
const STORE_RETRY_MS = 1_000;

/**
 * The verbs of function calls. Everything that is acknowledged here is committed first; what a pool decides is committed before
 * anybody can read it.
 */
export class Scheduler {
  readonly #store: Store;
  readonly #surroundings: PoolSurroundings;
  readonly #launchOf: LaunchOf;
  readonly #pools: FunctionPools;
  readonly #calls: ActiveCalls;
  readonly #items: GeneratorItems;
  readonly #newWork: NewWork;
  readonly #outputs: OutputLog;
  #closed = false;

  constructor(
    store: Store,
    launchOf: LaunchOf,
    surroundings: Omit<PoolSurroundings, "finish" | "argsOf" | "yielded" | "startOver">,
  ) {
    this.#store = store;
    this.#launchOf = launchOf;
    this.#calls = new ActiveCalls(store, surroundings.clock);
    this.#items = new GeneratorItems(store, surroundings.clock, surroundings.removeFiles);
    this.#newWork = new NewWork(store, this.#items);
    this.#outputs = new OutputLog({
      store,
      clock: surroundings.clock,
      items: this.#items,
      untilStored: (write, stored) => this.#untilStored(write, stored),
      markFinished: (call) => store.calls.markFinished(call.record.number, this.#nowSeconds),
      grown: (call, isFinished) => {
        if (!isFinished) this.#finishIfDone(call);
        call.notify();
      },
    });
    this.#surroundings = {
      ...surroundings,
      finish: (input, outcome) => this.#finish(input, outcome),
      yielded: (input, item) => {
        if (input.call.isRefused) this.#drop(item.data);
        else this.#items.append(input, item);
      },
      startOver: (input) => this.#items.startOver(input),
      argsOf: (input) => input.args ?? store.calls.args(input.key),
    };
    this.#pools = new FunctionPools(store, launchOf, this.#surroundings);
  }

  /** Takes up what was unfinished when the last engine ended, and starts the containers that functions always have. */
  recover(): void {
    for (const app of this.#store.apps.list()) if (app.stoppedAt === undefined) this.appDeployed(app);
    for (const record of this.#store.calls.unfinished()) {
      const call = this.#calls.remember(record);
      const pending = this.#store.calls.pendingInputs(record.number);
      const inputs = pending.map((input) => scheduledInput(call, { ...input, args: undefined }));
      this.#enqueue(
        call,
        inputs.filter((input) => this.#startsOver(input)),
      );
      this.#finishIfDone(call);
    }
  }

  /** Puts a new version of an app in place. Does nothing when another one, or a stop, has come after it. */
  appDeployed(app: AppRecord): void {
    this.#pools.appDeployed(app);
  }

  /** Puts changed autoscaler settings of a function in place. */
  autoscale(functionId: string): void {
    this.#pools.autoscale(functionId);
  }

  /** Ends an app's containers; what its functions still had to do is cancelled. */
  async appStopped(appId: string): Promise<void> {
    for (const { functionId } of this.#store.apps.everyFunction(appId)) {
      // Looked for again each time: a call that was being accepted meanwhile is one more.
      for (let call = this.#calls.unfinishedOf(functionId); call; call = this.#calls.unfinishedOf(functionId)) {
        await this.cancel(call.record, true);
      }
      this.#pools.stop(functionId);
    }
    const app = this.#store.apps.get(appId);
    if (app) this.#surroundings.appChanged(app);
  }

  async startCall(request: NewFunctionCall): Promise<CallRecord> {
    const { definition } = this.#launchOf(request.functionId);
    checkCallable(definition, request.callType, request.inputs);
    checkIndexes(request.inputs);
    const { record, added } = await this.#storeCall(request);
    if (!added) return record;
    // Whoever cancels the parent may have found the call first.
    const call = this.#calls.find(record.number) ?? this.#calls.remember(record, newProgress(added.length));
    // Who does not wait for the output is answered first.
    if (!isWaitedFor(record)) setImmediate(() => this.#enqueue(call, scheduledInputs(call, added)));
    this.#finishIfDone(call);
    const { parentInput } = record;
    const parent = parentInput === undefined ? undefined : this.#calls.find(callNumberOf(parentInput));
    if (parent?.cancelled) await this.cancel(record, false);
    return record;
  }

  /** Adds inputs to an open call. One that the call has already (a repeated request) is left as it is. */
  async putInputs(functionCallId: string, inputs: readonly NewInput[]): Promise<CallRecord> {
    const call = this.#calls.get(functionCallId);
    if (call.closed && !call.cancelled) {
      throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The function call ${functionCallId} takes no more inputs.`);
    }
    checkIndexes(inputs);
    const definition = this.#pools.find(call.record.functionId)?.definition;
    if (definition) checkCallable(definition, call.record.callType, inputs);
    const insert = () => this.#newWork.addInputs(call, inputs);
    await this.#addWork(call, insert, (added) => {
      call.inputs += added.length;
      this.#enqueue(call, scheduledInputs(call, added));
    });
    return call.record;
  }

  /**
   * Makes further attempts at inputs of a call: their outputs take the place of the earlier ones. A request that comes again changes
   * nothing. What has no output yet, or is a generator that somebody has read, does not run again, and counts as the new attempt.
   *
   * @throws RpcError NOT_FOUND when the call has no such input
   */
  async retry(record: CallRecord, retries: readonly NewAttempt[]): Promise<void> {
    const call = this.#calls.get(record.functionCallId);
    const { number } = call.record;
    const unknown = retries.find(({ input }) => callNumberOf(input) !== number || !this.#store.attempts.get(input));
    if (unknown) {
      const message = `The function call ${record.functionCallId} has no input ${indexOf(unknown.input)} that could be retried.`;
      throw new RpcError(RpcStatus.NOT_FOUND, message);
    }
    let superseded: string[] = [];
    const begin = () => {
      const attempts = retries.flatMap((attempt) => this.#newWork.beginAttempt(call, attempt) ?? []);
      superseded = attempts.flatMap(({ supersededFile }) => supersededFile ?? []);
      return attempts.map(({ input }) => input);
    };
    call.retried = true;
    call.recentOutputs.clear();
    await this.#addWork(call, begin, (begun) => {
      call.finished -= begun.length;
      this.#enqueue(call, begun);
      this.#surroundings.removeFiles(superseded);
    });
  }

  /** Says that no more inputs will come. */
  async closeCall(functionCallId: string): Promise<void> {
    const call = this.#calls.get(functionCallId);
    if (call.closed) return;
    await this.#store.database.write(() => this.#store.calls.close(call.record.number));
    call.closed = true;
    this.#finishIfDone(call);
  }

  /**
   * Cancels a call and the calls that its unfinished inputs made. Resolves when that is recorded; running code may take a
   * moment to stop.
   */
  async cancel(record: CallRecord, terminateContainers: boolean): Promise<void> {
    // All of them at once: an engine that died in between would leave calls that nobody cancels any more.
    for (const marked of await this.#store.database.write(() => this.#markCancelled(record))) {
      const call = this.#calls.get(marked.functionCallId);
      call.cancelled = true;
      call.closed = true;
      this.#pools.find(marked.functionId)?.cancel(call, terminateContainers);
      this.#finishIfDone(call);
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
    const call = this.#calls.get(functionCallId);
    const outputs = await this.#outputs.await(call, wanted, timeoutMs, signal);
    return { outputs, unfinished: call.unfinished };
  }

  /** The first output of a call, if it comes within `timeoutMs`. Quicker than {@link outputs} while the call goes on. */
  async firstOutput(record: CallRecord, timeoutMs: number, signal: AbortSignal): Promise<StoredOutput | undefined> {
    const call = this.#calls.find(record.number) ?? this.#calls.get(record.functionCallId);
    const [output] = await this.#outputs.await(call, FIRST_OUTPUT, timeoutMs, signal);
    return output;
  }

  /** Follows what a generator yields, as {@link GeneratorItems.follow} does. */
  items(functionCallId: string, lastIndex: number, signal: AbortSignal): AsyncGenerator<StoredItem[]> {
    return this.#items.follow(this.#calls.get(functionCallId), lastIndex, signal);
  }

  /**
   * Some items after an index, waiting for the first one up to `timeoutMs`.
   *
   * @returns no items when the time is over, or when none will come: then `ended` is true
   */
  async itemsAfter(functionCallId: string, lastIndex: number, timeoutMs: number, signal: AbortSignal) {
    const call = this.#calls.get(functionCallId);
    const items = await this.#items.after(call, lastIndex, timeoutMs, signal);
    return { items, ended: items.length === 0 && call.ended };
  }

  record(functionCallId: string): CallRecord {
    return this.#calls.record(functionCallId);
  }

  stats(functionId: string): PoolStats {
    return this.#pools.stats(functionId);
  }

  /** The inputs of a function that have begun, and where; times in unix seconds. */
  runningInputs(functionId: string): ReadonlyMap<InputKey, { taskId: string; startedAt: number }> {
    return this.#pools.runningInputs(functionId);
  }

  containers(): { functionId: string; taskId: string; startedAt: number }[] {
    return this.#pools.containers();
  }

  stopContainer(taskId: string, graceful: boolean): boolean {
    return this.#pools.stopContainer(taskId, graceful);
  }

  /** Processors, which are the maximum of containers where nothing else is said. */
  get cores(): number {
    return this.#surroundings.cores;
  }

  get unfinishedInputs(): number {
    return this.#calls.unfinishedInputs;
  }

  /** Closes the calls that their clients left open: nothing of them runs, and nobody has asked for them or added to them for long. */
  async closeAbandoned(): Promise<void> {
    await Promise.all(this.#calls.abandoned().map((functionCallId) => this.closeCall(functionCallId)));
  }

  /** Lets go of what the store no longer has. */
  forget(callNumber: number): void {
    this.#calls.forget(callNumber);
  }

  /** Ends every container. Unfinished inputs stay pending in the store. */
  close(): void {
    this.#closed = true;
    this.#pools.close();
    this.#calls.notifyAll();
  }

  /**
   * Stores a call. Where its output is waited for, a container has its inputs while the commit goes on: what comes of them can only be
   * stored, and read, after it.
   */
  async #storeCall(request: NewFunctionCall): Promise<AcceptedCall> {
    let begun: ActiveCall | undefined;
    const begin = ({ record, added }: AcceptedCall) => {
      if (!added || !isWaitedFor(record)) return;
      begun = this.#calls.remember(record, newProgress(added.length));
      this.#enqueue(begun, scheduledInputs(begun, added));
      this.#pools.find(record.functionId)?.dispatchNow();
    };
    try {
      return await this.#store.database.write(() => this.#newWork.insertCall(request, this.#nowSeconds), begin);
    } catch (error) {
      if (begun) this.#refuse(begun);
      throw error;
    }
  }

  /** Takes back what was begun of a call that could not be stored. */
  #refuse(call: ActiveCall): void {
    call.refuse();
    this.#pools.find(call.record.functionId)?.cancel(call, false);
  }

  /** Stores more work for a call, which does not count as finished meanwhile, and takes it up. */
  async #addWork<T>(call: ActiveCall, write: () => T, takeUp: (added: T) => void): Promise<void> {
    call.arriving += 1;
    try {
      takeUp(await this.#store.database.write(write));
    } finally {
      call.arriving -= 1;
      this.#finishIfDone(call);
    }
  }

  /** Inside a transaction. Returns the call and those that its unfinished inputs made. */
  #markCancelled(record: CallRecord): CallRecord[] {
    const { calls } = this.#store;
    const unfinished = new Set(calls.pendingInputs(record.number).map(({ key }) => key));
    const children = calls
      .children(record.number)
      .filter(({ parentInput = 0, finishedAt }) => unfinished.has(parentInput) && finishedAt === undefined);
    calls.markCancelled(record.number);
    return [record, ...children.flatMap((child) => this.#markCancelled(child))];
  }

  #enqueue(call: ActiveCall, inputs: ScheduledInput[]): void {
    if (inputs.length === 0 || this.#closed) return;
    const endAll = (status: Status, exception: string) => {
      const now = this.#nowSeconds;
      for (const input of inputs) this.#finish(input, outcomeWithoutData(status, exception, now));
    };
    if (call.cancelled) {
      endAll(Status.TERMINATED, CANCELLED);
      return;
    }
    try {
      this.#pools.of(call.record.functionId).enqueue(inputs);
    } catch (error) {
      // Its app was stopped or deployed without it after the call was accepted.
      endAll(Status.INIT_FAILURE, error instanceof Error ? error.message : String(error));
    }
  }

  /** False, and the input has ended, when the last engine died under a generator that somebody reads. */
  #startsOver(input: ScheduledInput): boolean {
    if (this.#items.startOver(input)) return true;
    const exception = "The engine ended after items of this generator had been read; call it again.";
    const now = this.#nowSeconds;
    this.#finish(input, outcomeWithoutData(Status.INTERNAL_FAILURE, exception, now));
    return false;
  }

  #finish(input: ScheduledInput, outcome: Outcome): void {
    if (input.call.isRefused) this.#drop(outcome.data);
    else if (!this.#closed) this.#outputs.append(input, outcome);
  }

  #drop(data: Payload): void {
    if (isFile(data)) this.#surroundings.removeFiles([data.blobId]);
  }

  /** A result must not be lost because the disk was full for a while: tries until it is stored. */
  #untilStored(write: () => void, committed: () => void): void {
    this.#store.database.write(write).then(committed, (error: unknown) => {
      if (this.#closed) return;
      process.stderr.write(`An output could not be stored, trying again in a second: ${reasonOf(error)}\n`);
      this.#surroundings.clock.after(STORE_RETRY_MS, () => this.#untilStored(write, committed));
    });
  }

  #finishIfDone(call: ActiveCall): void {
    if (!call.isDone) return;
    const finishedAt = this.#nowSeconds;
    this.#untilStored(
      () => this.#store.calls.markFinished(call.record.number, finishedAt),
      () => call.notify(),
    );
  }

  get #nowSeconds(): number {
    return this.#surroundings.clock.unixMs() / 1_000;
  }
}

function newProgress(inputs: number): CallProgress {
  return { inputs, retried: false, entries: 0, byStatus: new Map([[Status.UNSPECIFIED, inputs]]) };
}
