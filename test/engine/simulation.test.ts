import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import type { ActiveCall } from "../../src/engine/scheduler/activeCall.ts";
import type { ScheduledInput } from "../../src/engine/scheduler/scheduledInput.ts";
import type { WorkerInput } from "../../src/engine/workers/worker.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { Dice, runSchedules } from "./dice.ts";
import type { FakeWorker } from "./fakeWorker.ts";
import { launchOf, microtasks, PoolHarness } from "./poolHarness.ts";
import { randomOptions, randomOverride } from "./randomOptions.ts";

const SCHEDULES = 2_000;
const STEPS = 60;
const CORES = 3;

/** One schedule: whatever may happen to a pool, in an order that the seed decides. */
class Simulation {
  readonly #dice: Dice;
  #options: FunctionOptions;
  readonly #harness: PoolHarness;
  readonly #calls: ActiveCall[] = [];
  readonly #inputs: ScheduledInput[] = [];
  readonly #cancelled = new Set<ActiveCall>();
  readonly #makesCalls: boolean;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#makesCalls = this.#dice.chance(0.3);
    this.#options = randomOptions(this.#dice);
    this.#harness = new PoolHarness(this.#options, CORES);
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      await this.#step();
      await microtasks();
      this.#checkLimits();
    }
    await this.#finish();
    this.#checkEnd();
  }

  async #step(): Promise<void> {
    const dice = this.#dice.roll();
    if (dice < 0.12) this.#enqueue();
    else if (dice < 0.16) this.#cancel();
    else if (dice < 0.17) this.#redeploy();
    else if (dice < 0.18) this.#autoscale();
    else if (dice < 0.25) await this.#harness.clock.advance(this.#dice.below(400), microtasks);
    else if (dice < 0.26) await this.#harness.clock.advance(this.#dice.below(8_000), microtasks);
    else {
      const { workers } = this.#harness;
      const worker = workers.filter(({ alive, talks }) => alive || talks)[this.#dice.below(workers.length)];
      if (worker) this.#work(worker);
    }
  }

  #work(worker: FakeWorker): void {
    const dice = this.#dice.roll();
    if (worker.talks && dice < 0.5) worker.deliver();
    else if (!worker.alive) worker.deliver();
    else if (dice < 0.54) worker.exit();
    else if (dice < 0.55 && !worker.running) worker.importFails("ImportError('no')");
    else if (dice < 0.57) this.#harness.pool.stopContainer(worker.launch.taskId, this.#dice.chance(0.5));
    else if (dice < 0.59) worker.obeys = !worker.obeys;
    else if (dice < 0.62 && worker.running && this.#makesCalls) void worker.request("outputs");
    else if (!worker.running) worker.ready();
    else {
      const status = this.#dice.chance(0.2) ? Status.FAILURE : Status.SUCCESS;
      worker.finish(status, this.#dice.below(3) * 30, this.#dice.below(worker.begun.length));
    }
  }

  #enqueue(): void {
    const known = this.#calls[this.#dice.below(this.#calls.length * 2 + 1)];
    const call = known && !this.#cancelled.has(known) ? known : this.#harness.call();
    if (!this.#calls.includes(call)) this.#calls.push(call);
    this.#inputs.push(
      ...this.#harness.enqueue(call, this.#dice.below(12) + 1, this.#dice.chance(0.5) ? "one" : "other"),
    );
  }

  #redeploy(): void {
    if (this.#dice.chance(0.5)) this.#options = randomOptions(this.#dice);
    this.#harness.pool.update(launchOf(this.#options, `v${this.#dice.below(100)}.json`));
  }

  #autoscale(): void {
    this.#harness.override = randomOverride(this.#dice);
    this.#harness.pool.autoscale();
  }

  #cancel(): void {
    const call = this.#calls[this.#dice.below(this.#calls.length)];
    if (!call) return;
    this.#cancelled.add(call);
    this.#harness.pool.cancel(call, this.#dice.chance(0.3));
  }

  get #settings(): FunctionOptions {
    return { ...this.#options, ...this.#harness.override };
  }

  #checkLimits(): void {
    const { numTotalTasks, backlog, numRunningInputs } = this.#harness.pool.stats();
    // A container that waits for a call of its own makes room for another, and both stay when it goes on.
    const { max_containers, min_containers } = this.#settings;
    const most = Math.max(max_containers ?? CORES, min_containers ?? 0);
    if (!this.#makesCalls) assert.ok(numTotalTasks <= most, "too many containers");
    assert.ok(backlog >= 0 && numRunningInputs >= 0);
    for (const { batches, launch } of this.#harness.live) this.#checkBatches(batches, launch.definition.options);
  }

  #checkBatches(batches: readonly WorkerInput[][], { batch_max_size }: FunctionOptions): void {
    for (const batch of batches) {
      assert.ok(batch.length <= (batch_max_size ?? 1), "a batch is too large");
      assert.equal(new Set(batch.map(({ methodName }) => methodName)).size, 1, "a batch has inputs of several methods");
    }
  }

  /** Lets everything come to its end: code that behaves, and time. */
  async #finish(): Promise<void> {
    for (let round = 0; round < 200 && this.#inputs.some((input) => !this.#harness.outcomes.has(input)); round++) {
      for (const worker of this.#harness.live) worker.obeys = true;
      await this.#harness.finishAll(5);
      await this.#harness.advance(1_000);
    }
    await this.#harness.start(); // Containers that were started for inputs which another one took.
    await this.#harness.advance(5_000);
  }

  #checkEnd(): void {
    for (const input of this.#inputs) {
      const outcomes = this.#harness.outcomes.get(input) ?? [];
      assert.equal(outcomes.length, 1, `input ${input.key} has ${outcomes.length} outcomes`);
      const isCancelled = outcomes[0]?.status === Status.TERMINATED;
      assert.ok(!isCancelled || this.#cancelled.has(input.call), `input ${input.key} was cancelled by nobody`);
    }
    const kept = this.#harness.pool.containers().length;
    assert.ok(kept <= (this.#settings.min_containers ?? 0), `${kept} containers are left`);
    assert.equal(this.#harness.live.length, kept, "the pool lost sight of a process");
    assert.deepEqual(
      { ...this.#harness.pool.stats(), inputHeadroom: 0, numTotalTasks: 0, startFailure: "" },
      { backlog: 0, numRunningInputs: 0, inputHeadroom: 0, numTotalTasks: 0, startFailure: "" },
    );
    assert.equal(this.#harness.clock.pending, kept > 0 ? 1 : 0, "a timer is left");
  }
}

test("whatever happens, every input ends exactly once and nothing is left", async () => {
  await runSchedules(SCHEDULES, (seed) => new Simulation(seed).run());
});
