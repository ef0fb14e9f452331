import assert from "node:assert/strict";
import { callNumberOf, type InputKey, inputKey } from "../../src/engine/ids.ts";
import type { CallRecord } from "../../src/engine/store/callStore.ts";
import type { WorkerLaunch } from "../../src/engine/workers/worker.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { Dice } from "./dice.ts";
import type { FakeWorker } from "./fakeWorker.ts";
import { randomOptions, randomOverride } from "./randomOptions.ts";
import { newInputs, SchedulerHarness, settled } from "./schedulerHarness.ts";
import { deployFunctions } from "./storeHarness.ts";

const STEPS = 80;
const NAMES = ["f", "g"] as const;

/** What the simulation knows of a call that was acknowledged. */
export interface KnownCall {
  readonly record: CallRecord;
  readonly children: KnownCall[];
  /** Inputs that were acknowledged. */
  inputs: number;
  closed: boolean;
  /** Somebody cancelled it, or a call above it. */
  mayBeCancelled: boolean;
  /** It was unfinished when a call above it was cancelled, or was made by an input of one that was cancelled already. */
  mustBeCancelled: boolean;
}

/**
 * One schedule of a whole scheduler over a store: trees of calls and whatever may happen to them, in an order that the seed decides.
 * The simulation keeps its own books, against which it holds what the scheduler does.
 */
export class SchedulerSimulation {
  readonly harness: SchedulerHarness;
  readonly calls: KnownCall[] = [];
  /** Containers of an app that was stopped: they only run their exit hooks, and are told of no more. */
  readonly outlived = new Set<FakeWorker>();
  /** No retry can be waiting for its time, so every unfinished input is in the backlog or runs. */
  neverRetries: boolean;
  readonly #dice: Dice;
  readonly #checkReports: (simulation: SchedulerSimulation) => Promise<void>;
  /** Verbs that are under way. */
  #verbs: Promise<void>[] = [];
  /** Requests of user code that wait for their answer, by the container that made them. */
  readonly #waiting = new Map<FakeWorker, (() => void)[]>();
  /** Inputs that were in a container at some time. */
  readonly #sent = new Set<InputKey>();
  #isStopped = false;

  /** @param checkReports compares what callers are told with the books; nothing happens meanwhile */
  constructor(seed: number, checkReports: (simulation: SchedulerSimulation) => Promise<void>) {
    this.#dice = new Dice(seed);
    this.#checkReports = checkReports;
    this.harness = new SchedulerHarness(randomOptions(this.#dice));
    this.neverRetries = !this.harness.options.retries;
    this.harness.starts = (launch) => this.#checkMaximum(launch);
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      await this.#step();
      await settled();
      this.#checkOrder();
      if (this.#dice.chance(0.1)) await this.#compare();
    }
    await this.#finish();
    await this.#compare();
    await this.#checkEnd();
  }

  /** Containers that run a function or start for it. */
  containersOf(functionId: string): FakeWorker[] {
    return this.harness.live.filter(({ launch }) => launch.functionId === functionId);
  }

  async #step(): Promise<void> {
    const roll = this.#dice.roll();
    if (roll < 0.1) this.#start();
    else if (roll < 0.16) this.#startChild();
    else if (roll < 0.19) this.#putInputs();
    else if (roll < 0.21) this.#close();
    else if (roll < 0.25) this.#cancel();
    else if (roll < 0.27) this.#deploy();
    else if (roll < 0.285) this.#autoscale();
    else if (roll < 0.295) await this.#restart();
    else if (roll < 0.298) this.#stopApp();
    else if (roll < 0.36) await this.harness.clock.advance(this.#dice.below(400), settled);
    else if (roll < 0.37) await this.harness.clock.advance(this.#dice.below(8_000), settled);
    else this.#work();
  }

  /** Does something, whose end nobody waits for now. */
  #do(verb: Promise<unknown>, acceptable: RegExp): void {
    const done = verb.then(
      () => {},
      (error: unknown) => assert.match(String(error), acceptable),
    );
    this.#verbs.push(done);
  }

  #start(parent?: KnownCall, parentInput?: InputKey): void {
    const closed = this.#dice.chance(0.6);
    const inputs = newInputs(this.#dice.below(6) + (closed ? 1 : 0));
    const functionId = this.harness.functionId(this.#dice.chance(0.6) ? "f" : "g");
    const mustBeCancelled = parent !== undefined && this.#isCancelled(parent);
    const started = this.harness.start(inputs, { functionId, closed, parentInput }).then((record) => {
      const mayBeCancelled = this.#isStopped || (parent?.mayBeCancelled ?? false);
      const call = { record, children: [], inputs: inputs.length, closed, mayBeCancelled, mustBeCancelled };
      this.calls.push(call);
      parent?.children.push(call);
    });
    this.#do(started, /no longer has it/);
  }

  /** An input that runs makes a call, often one that should have stopped. */
  #startChild(): void {
    const running = this.harness.live.flatMap(({ begun }) => begun.flat().map(({ key }) => key));
    const asked = new Set(this.harness.live.flatMap((worker) => [...worker.asked]));
    const runsOn = running.filter((key) => asked.has(key));
    const parentInput = this.#dice.pick(runsOn.length > 0 && this.#dice.chance(0.7) ? runsOn : running);
    if (parentInput === undefined) return;
    const parent = this.calls.find(({ record }) => record.number === callNumberOf(parentInput));
    if (parent) this.#start(parent, parentInput);
  }

  #putInputs(): void {
    const call = this.#dice.pick(this.calls.filter(({ closed }) => !closed));
    if (!call) return;
    const first = this.#dice.chance(0.2) ? 0 : call.inputs; // Sometimes again what the call has.
    const inputs = newInputs(this.#dice.below(4) + 1, first);
    const count = Math.max(call.inputs, first + inputs.length);
    const put = this.harness.scheduler.putInputs(call.record.functionCallId, inputs).then(() => {
      call.inputs = Math.max(call.inputs, count);
    });
    this.#do(put, /takes no more inputs/);
  }

  #close(): void {
    const call = this.#dice.pick(this.calls.filter(({ closed }) => !closed));
    if (!call) return;
    call.closed = true;
    this.#do(this.harness.scheduler.closeCall(call.record.functionCallId), /never/);
  }

  #cancel(): void {
    const call = this.#dice.pick(this.calls);
    if (!call) return;
    if (this.#dice.chance(0.4)) for (const worker of this.harness.live) worker.obeys = false;
    call.closed = true;
    markTree(call);
    this.#expectCancelled(call);
    this.#do(this.harness.scheduler.cancel(call.record, this.#dice.chance(0.3)), /never/);
  }

  /** With a call, the unfinished calls of its unfinished inputs are cancelled, and so on. */
  #expectCancelled(call: KnownCall): void {
    const { calls } = this.harness.store;
    const unfinished = new Set(calls.pendingInputs(call.record.number).map(({ key }) => key));
    for (const child of call.children) {
      const { parentInput = 0, number } = child.record;
      if (!unfinished.has(parentInput) || calls.byNumber(number)?.finishedAt !== undefined) continue;
      child.mustBeCancelled = true;
      this.#expectCancelled(child);
    }
  }

  /** A new version, which may leave `g` out. */
  #deploy(): void {
    if (this.#isStopped) return;
    if (this.#dice.chance(0.5)) this.harness.options = randomOptions(this.#dice);
    if (this.harness.options.retries) this.neverRetries = false;
    const names = this.#dice.chance(0.8) ? NAMES : ["f"];
    this.harness.undeployed.clear();
    if (names.length === 1) this.harness.undeployed.add(this.harness.functionId("g"));
    this.harness.scheduler.appDeployed(deployFunctions(this.harness.store, names, this.harness.options));
  }

  #autoscale(): void {
    if (this.#isStopped) return;
    this.harness.override = randomOverride(this.#dice);
    for (const functionId of this.#deployed) this.harness.scheduler.autoscale(functionId);
  }

  async #restart(): Promise<void> {
    await this.#verbsDone();
    this.#noteSent();
    this.#waiting.clear();
    await this.harness.restart();
  }

  #stopApp(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const name of NAMES) this.harness.undeployed.add(this.harness.functionId(name));
    for (const call of this.calls) call.mayBeCancelled = true;
    this.#do(this.harness.store.apps.stop(this.harness.appId, 1), /never/);
    const stopped = this.harness.scheduler.appStopped(this.harness.appId).then(() => {
      for (const worker of this.harness.live) this.outlived.add(worker);
    });
    this.#do(stopped, /never/);
  }

  get #deployed(): string[] {
    const ids = NAMES.map((name) => this.harness.functionId(name));
    return ids.filter((functionId) => !this.harness.undeployed.has(functionId));
  }

  /** Something happens in a container. */
  #work(): void {
    const worker = this.#dice.pick(this.harness.workers.filter(({ alive, talks }) => alive || talks));
    if (!worker) return;
    const roll = this.#dice.roll();
    if ((worker.talks && roll < 0.5) || !worker.alive) worker.deliver();
    else if (roll < 0.53) worker.exit();
    else if (roll < 0.54 && !worker.running) worker.importFails("ImportError('no')");
    else if (roll < 0.56) this.harness.scheduler.stopContainer(worker.launch.taskId, this.#dice.chance(0.5));
    else if (roll < 0.58) worker.obeys = !worker.obeys;
    else if (roll < 0.62 && worker.running) this.#waitForCall(worker);
    else if (roll < 0.66) this.#waiting.get(worker)?.shift()?.();
    else if (!worker.running) worker.ready();
    else {
      const status = this.#dice.chance(0.2) ? Status.FAILURE : Status.SUCCESS;
      worker.finish(status, this.#dice.below(3) * 30, this.#dice.below(worker.begun.length));
    }
  }

  /** User code waits for a call of its own, until it is let go on. */
  #waitForCall(worker: FakeWorker): void {
    const waits = this.#waiting.get(worker) ?? [];
    this.#waiting.set(worker, waits);
    this.harness.answer = () => new Promise((resolve) => waits.push(() => resolve({ value: {} })));
    void worker.request("outputs");
  }

  /** A container is started only where the maximum leaves room, not counting those that wait for calls of their own. */
  #checkMaximum({ functionId, definition: { options } }: WorkerLaunch): void {
    const settings = { ...options, ...this.harness.override };
    const counting = this.containersOf(functionId).filter(({ stopping }) => !stopping);
    const maybeBlocked = counting.filter((worker) => this.#waiting.has(worker));
    const most = Math.max(settings.max_containers ?? 4, settings.min_containers ?? 0) + maybeBlocked.length;
    assert.ok(counting.length < most, `a container too many was started (${counting.length} of ${most})`);
  }

  #noteSent(): void {
    for (const { received } of this.harness.workers) for (const key of received) this.#sent.add(key);
  }

  /** Of each call, what came first is in a container first. */
  #checkOrder(): void {
    this.#noteSent();
    for (const { record } of this.calls) {
      const pending = this.harness.store.calls.pendingInputs(record.number).map(({ key }) => key);
      const firstUnsent = pending.find((key) => !this.#sent.has(key));
      const overtook = pending.find((key) => firstUnsent !== undefined && key > firstUnsent && this.#sent.has(key));
      assert.equal(overtook, undefined, `input ${overtook} overtook ${firstUnsent}`);
    }
  }

  async #verbsDone(): Promise<void> {
    for (let verbs = this.#verbs; verbs.length > 0; verbs = this.#verbs) {
      this.#verbs = [];
      await Promise.all(verbs);
    }
    await settled();
  }

  /** Holds what callers are told against the books, when nothing is on its way. */
  async #compare(): Promise<void> {
    await this.#verbsDone();
    await this.harness.settle();
    this.#checkCancelled();
    await this.#checkReports(this);
  }

  #isCancelled({ record }: KnownCall): boolean {
    return this.harness.store.calls.byNumber(record.number)?.cancelled ?? false;
  }

  /** Cancels reach the calls below. Of what was cancelled, only what a container still has is unfinished. */
  #checkCancelled(): void {
    const held = new Set(this.harness.live.flatMap((worker) => worker.held.map(({ key }) => key)));
    for (const call of this.calls) {
      const { record, mustBeCancelled } = call;
      const isCancelled = this.#isCancelled(call);
      assert.ok(isCancelled || !mustBeCancelled, `call ${record.number} goes on, and one above it was cancelled`);
      if (!isCancelled) continue;
      const waiting = this.harness.store.calls.pendingInputs(record.number).find(({ key }) => !held.has(key));
      assert.equal(waiting, undefined, `call ${record.number} was cancelled, and an input of it still waits`);
    }
  }

  /** Lets everything come to its end: code that behaves, and time. */
  async #finish(): Promise<void> {
    await this.#verbsDone();
    for (const { record } of this.calls) await this.harness.scheduler.closeCall(record.functionCallId);
    for (let round = 0; round < 100 && this.harness.scheduler.unfinishedInputs > 0; round++) {
      for (const waits of this.#waiting.values()) for (const goOn of waits.splice(0)) goOn();
      for (const worker of this.harness.live) worker.obeys = true;
      await this.harness.finishAll();
      await this.harness.clock.advance(1_000, settled);
    }
    await this.harness.ready(); // Containers that were started for inputs which another one took.
    for (const waits of this.#waiting.values()) for (const goOn of waits.splice(0)) goOn();
    await this.harness.clock.advance(40_000, () => this.harness.settle());
    await this.harness.settle();
  }

  async #checkEnd(): Promise<void> {
    const { store, scheduler } = this.harness;
    for (const { record, inputs, mayBeCancelled } of this.calls) {
      const outputs = await this.harness.outputs(record.functionCallId);
      const keys = outputs.map(({ input }) => input).sort((a, b) => a - b);
      const expected = Array.from({ length: inputs }, (_, index) => inputKey(record.number, index));
      assert.deepEqual(keys, expected, "every input ends exactly once");
      const isAnyCancelled = outputs.some(({ status }) => status === Status.TERMINATED);
      assert.ok(mayBeCancelled || !isAnyCancelled, `call ${record.number} was cancelled by nobody`);
      assert.notEqual(store.calls.byNumber(record.number)?.finishedAt, undefined, `call ${record.number} has no end`);
    }
    for (const call of this.calls) this.#checkChildren(call);
    assert.equal(scheduler.unfinishedInputs, 0);
    const kept = scheduler.containers();
    assert.equal(this.harness.live.length, kept.length, "the scheduler lost sight of a process");
    const minimum = { ...this.harness.options, ...this.harness.override }.min_containers ?? 0;
    for (const functionId of NAMES.map((name) => this.harness.functionId(name))) {
      const count = kept.filter((container) => container.functionId === functionId).length;
      const most = this.harness.undeployed.has(functionId) ? 0 : minimum;
      assert.ok(count <= most, `${count} containers are left of ${functionId}`);
    }
    assert.equal(this.harness.clock.pending, new Set(kept.map(({ functionId }) => functionId)).size, "a timer is left");
  }

  /** What an input had called that was cancelled is cancelled too. */
  #checkChildren({ record, children }: KnownCall): void {
    const statuses = this.harness.store.calls.inputStatuses(record.number);
    for (const { record: child } of children) {
      const parent = statuses.find(({ key }) => key === child.parentInput);
      const now = this.harness.store.calls.byNumber(child.number);
      if (parent?.status !== Status.TERMINATED || now?.cancelled) continue;
      const outputs = this.harness.store.calls.inputStatuses(child.number);
      assert.ok(
        outputs.every(({ status }) => status !== Status.TERMINATED) && now?.finishedAt !== undefined,
        `call ${child.number} went on though ${record.number} was cancelled`,
      );
    }
  }
}

function markTree(call: KnownCall): void {
  call.mayBeCancelled = true;
  for (const child of call.children) markTree(child);
}
