import assert from "node:assert/strict";
import type { FunctionDefinition, FunctionOptions } from "../../src/engine/deploy/definition.ts";
import { indexOf, inputKey } from "../../src/engine/ids.ts";
import { ActiveCall } from "../../src/engine/scheduler/activeCall.ts";
import { FunctionPool } from "../../src/engine/scheduler/functionPool.ts";
import type { Outcome } from "../../src/engine/scheduler/outcome.ts";
import type { AutoscalerOverride } from "../../src/engine/scheduler/scaling.ts";
import { type ScheduledInput, scheduledInput } from "../../src/engine/scheduler/scheduledInput.ts";
import type { WorkerLaunch, WorkerReply } from "../../src/engine/workers/worker.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FakeClock } from "./fakeClock.ts";
import { FakeWorker } from "./fakeWorker.ts";

export function definitionOf(name: string, options: FunctionOptions = {}): FunctionDefinition {
  return {
    name,
    module: "app",
    qualname: name,
    path: "/src/app.py",
    line: 1,
    end_line: 2,
    is_generator: false,
    is_async: false,
    parameters: [],
    options,
  };
}

export function launchOf(options: FunctionOptions, snapshotPath = "v1.json"): Omit<WorkerLaunch, "taskId"> {
  return {
    functionId: "fu-1",
    app: { id: "ap-1", name: "app" },
    definition: definitionOf("f", options),
    python: "python3",
    snapshotPath,
    workingFolder: "/src",
  };
}

/** A pool with a clock and workers that a test moves. */
export class PoolHarness {
  readonly clock = new FakeClock();
  readonly workers: FakeWorker[] = [];
  readonly outcomes = new Map<ScheduledInput, Outcome[]>();
  readonly pool: FunctionPool;
  /** Requests of user code wait for this. */
  answer: Promise<WorkerReply> = Promise.resolve({ value: {} });
  /** What was changed of the settings. */
  override: AutoscalerOverride = {};
  /** Files that nobody will ask for. */
  readonly removedFiles: string[] = [];
  /** No process can be started. */
  noProcesses = false;
  #calls = 0;

  constructor(options: FunctionOptions = {}, cores = 4) {
    this.pool = new FunctionPool(launchOf(options), {
      clock: this.clock,
      cores,
      startWorker: (launch, events) => {
        if (this.noProcesses) throw new Error("EMFILE");
        const worker = new FakeWorker(launch, events, this.clock);
        this.workers.push(worker);
        return worker;
      },
      overrideOf: () => this.override,
      argsOf: (input) => input.args ?? new Uint8Array(),
      finish: (input, outcome) => this.outcomes.set(input, [...(this.outcomes.get(input) ?? []), outcome]),
      yielded: () => {},
      startOver: () => true,
      removeFiles: (blobIds) => this.removedFiles.push(...blobIds),
      appChanged: () => {},
      log: () => {},
      request: () => this.answer,
    });
  }

  get live(): FakeWorker[] {
    return this.workers.filter(({ alive }) => alive);
  }

  call(): ActiveCall {
    const number = ++this.#calls;
    const record = {
      number,
      functionCallId: `fc-${number}`,
      functionId: "fu-1",
      callType: 1,
      invocationType: 1,
      parentInput: undefined,
      retriedByClient: false,
      createdAt: 0,
      closed: true,
      cancelled: false,
      finishedAt: undefined,
    };
    return new ActiveCall(record, { inputs: 0, retried: false, entries: 0, byStatus: new Map() });
  }

  /** New inputs of a call, handed to the pool. */
  enqueue(call: ActiveCall, count: number, methodName?: string): ScheduledInput[] {
    const inputs = Array.from({ length: count }, () => newInput(call, methodName));
    this.pool.enqueue(inputs);
    return inputs;
  }

  /** Delivers all that workers have to tell, until nothing follows from it. */
  async settle(): Promise<void> {
    await microtasks();
    for (let talking = this.#talking(); talking; talking = this.#talking()) {
      talking.deliver();
      await microtasks();
    }
  }

  async advance(durationMs: number): Promise<void> {
    await this.clock.advance(durationMs, () => this.settle());
    await this.settle();
  }

  /** Makes every starting container ready. */
  async start(): Promise<void> {
    await this.settle();
    for (const worker of this.live) if (worker.held.length === 0) worker.ready();
    await this.settle();
  }

  /** Runs everything to its end, each input for so long. */
  async finishAll(runMs = 1): Promise<void> {
    await this.start();
    for (let busy = this.#busy(); busy.length > 0; busy = this.#busy()) {
      await this.advance(runMs);
      for (const worker of busy) if (worker.alive && worker.running) worker.finish(Status.SUCCESS, runMs);
      await this.start();
    }
  }

  /** How an input ended; undefined while it has not. */
  statusOf(input: ScheduledInput): string | undefined {
    const [outcome, again] = this.outcomes.get(input) ?? [];
    if (again) throw new Error(`Input ${input.key} ended twice.`);
    return outcome && Status[outcome.status];
  }

  #talking(): FakeWorker | undefined {
    return this.workers.find(({ talks }) => talks);
  }

  #busy(): FakeWorker[] {
    return this.live.filter(({ running }) => running);
  }
}

function newInput(call: ActiveCall, methodName: string | undefined): ScheduledInput {
  const key = inputKey(call.record.number, call.inputs++);
  return scheduledInput(call, { key, dataFormat: 4, methodName, args: undefined });
}

/** Enough for what one event sets off. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}

/** The inputs that a worker holds, by their index in their call. */
export function heldIndexes(worker: FakeWorker | undefined): number[] | undefined {
  return worker?.held.map(({ key }) => indexOf(key));
}

/** A pool of one container at most, which has learnt that inputs are tiny. */
export async function warmPool(): Promise<{ harness: PoolHarness; worker: FakeWorker }> {
  const harness = new PoolHarness({ max_containers: 1 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  harness.pool.enqueue([]);
  const [worker] = harness.live;
  assert.ok(worker);
  return { harness, worker };
}
