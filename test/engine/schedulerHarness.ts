import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import type { NewFunctionCall, NewInput } from "../../src/engine/scheduler/newCall.ts";
import type { AutoscalerOverride } from "../../src/engine/scheduler/scaling.ts";
import { Scheduler } from "../../src/engine/scheduler/scheduler.ts";
import type { StoredOutput } from "../../src/engine/store/callStore.ts";
import type { Store } from "../../src/engine/store/store.ts";
import type { WorkerLaunch, WorkerReply } from "../../src/engine/workers/worker.ts";
import {
  FunctionCallType as CallType,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { FakeClock } from "./fakeClock.ts";
import { FakeWorker } from "./fakeWorker.ts";
import { launchOf } from "./poolHarness.ts";
import { storeWithFunctions } from "./storeHarness.ts";

/** More than any test has inputs: work that goes on then has no end. */
const MAX_ROUNDS = 10_000;

export function newInputs(count: number, firstIndex = 0): NewInput[] {
  return Array.from({ length: count }, (_, position) => ({
    index: firstIndex + position,
    dataFormat: 4,
    methodName: undefined,
    args: new Uint8Array([position]),
  }));
}

/** A scheduler over a store in memory, with workers that a test moves. Functions `f` and `g`. */
export class SchedulerHarness {
  clock = new FakeClock();
  readonly store: Store;
  readonly appId: string;
  readonly functionId: (name: string) => string;
  readonly workers: FakeWorker[] = [];
  /** Functions that are not deployed any more. */
  readonly undeployed = new Set<string>();
  /** What was changed of the settings. */
  override: AutoscalerOverride = {};
  /** Requests of user code wait for this. */
  answer: () => Promise<WorkerReply> = () => Promise.resolve({ value: {} });
  /** Told before each start of a container. */
  starts: (launch: WorkerLaunch) => void = () => {};
  scheduler: Scheduler;
  /** What functions are deployed with from now on. */
  options: FunctionOptions;

  constructor(options: FunctionOptions = {}) {
    this.options = options;
    const { store, app, functionId } = storeWithFunctions(["f", "g"], options);
    this.store = store;
    this.appId = app.appId;
    this.functionId = functionId;
    this.scheduler = this.#open();
  }

  /** What a new engine would make of the same store: the old one ends without a word. */
  async restart(): Promise<void> {
    await settled();
    this.workers.length = 0;
    this.clock = new FakeClock(this.clock.now()); // The old engine's timers went with it.
    this.scheduler = this.#open();
    this.scheduler.recover();
    await settled();
  }

  start(inputs: readonly NewInput[], request: Partial<NewFunctionCall> = {}) {
    return this.scheduler.startCall({
      functionId: this.functionId("f"),
      callType: CallType.MAP,
      invocationType: Invocation.ASYNC,
      parentInput: undefined,
      closed: true,
      inputs,
      ...request,
    });
  }

  get live(): FakeWorker[] {
    return this.workers.filter(({ alive }) => alive);
  }

  /** Delivers what workers have to tell, and lets it be stored. */
  async settle(): Promise<void> {
    await settled();
    for (let talking = this.#talking(); talking; talking = this.#talking()) {
      talking.deliver();
      await settled();
    }
  }

  /** Makes starting containers ready. */
  async ready(): Promise<void> {
    await settled();
    for (const worker of this.live) if (!worker.running) worker.ready();
    await this.settle();
  }

  /** Runs everything to its end. */
  async finishAll(): Promise<void> {
    await this.ready();
    for (let round = 0; this.live.some(({ running }) => running); round++) {
      if (round === MAX_ROUNDS) throw new Error(`After ${MAX_ROUNDS} rounds, containers still have something to run.`);
      for (const worker of this.live) if (worker.running) worker.finish(Status.SUCCESS, 1);
      await this.ready();
    }
  }

  /** The statuses of a call's outputs in its log. */
  async statuses(functionCallId: string): Promise<string[]> {
    return (await this.outputs(functionCallId)).map(({ status }) => Status[status] ?? "");
  }

  async outputs(functionCallId: string): Promise<StoredOutput[]> {
    const wanted = { after: 0, limits: { maxOutputs: 10_000, maxBytes: 1e9 } };
    return (await this.scheduler.outputs(functionCallId, wanted, 0)).outputs;
  }

  #open(): Scheduler {
    return new Scheduler(
      this.store,
      (functionId) => {
        if (this.undeployed.has(functionId)) throw new Error("The app no longer has it.");
        return { ...launchOf(this.options), functionId };
      },
      {
        clock: this.clock,
        cores: 4,
        overrideOf: () => this.override,
        startWorker: (launch, events) => {
          this.starts(launch);
          const worker = new FakeWorker(launch, events, this.clock);
          this.workers.push(worker);
          return worker;
        },
        appChanged: () => {},
        removeFiles: () => {},
        log: () => {},
        request: () => this.answer(),
      },
    );
  }

  #talking(): FakeWorker | undefined {
    return this.workers.find(({ talks }) => talks);
  }
}

/** Two turns of the event loop: one for what is to be written, one for what follows from it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
