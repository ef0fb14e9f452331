import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import type { ActiveCall } from "../../src/engine/scheduler/activeCall.ts";
import type { ScheduledInput } from "../../src/engine/scheduler/scheduledInput.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import type { FakeWorker } from "./fakeWorker.ts";
import { launchOf, microtasks, PoolHarness } from "./poolHarness.ts";

const SCHEDULES = 1_000;
const STEPS = 60;
const CORES = 3;

/** Numbers that look random and are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One schedule: whatever may happen to a pool, in an order that the seed decides. */
class Simulation {
  readonly #random: () => number;
  readonly #options: FunctionOptions;
  readonly #harness: PoolHarness;
  readonly #calls: ActiveCall[] = [];
  readonly #inputs: ScheduledInput[] = [];
  readonly #cancelled = new Set<ActiveCall>();
  readonly #makesCalls: boolean;

  constructor(seed: number) {
    this.#random = random(seed);
    this.#makesCalls = this.#chance(0.3);
    this.#options = {
      max_containers: this.#below(4) + 1,
      min_containers: this.#chance(0.2) ? 1 : 0,
      buffer_containers: this.#chance(0.2) ? 1 : 0,
      scaledown_window_s: 1,
      timeout_s: 3,
      retries: this.#chance(0.4)
        ? { max_retries: this.#below(3), initial_delay_s: 1, backoff_coefficient: 2, max_delay_s: 10 }
        : null,
      ...(this.#chance(0.4) && {
        max_concurrent_inputs: this.#below(4) + 1,
        target_concurrent_inputs: this.#below(3) + 1,
      }),
      ...(this.#chance(0.4) && { batch_max_size: this.#below(4) + 1, batch_wait_ms: this.#below(3) * 200 }),
    };
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
    const { pool } = this.#harness;
    const dice = this.#random();
    if (dice < 0.12) this.#enqueue();
    else if (dice < 0.16) this.#cancel();
    else if (dice < 0.17) pool.update(launchOf(this.#options, `v${this.#below(100)}.json`));
    else if (dice < 0.25) await this.#harness.clock.advance(this.#below(400), microtasks);
    else if (dice < 0.26) await this.#harness.clock.advance(this.#below(8_000), microtasks);
    else {
      const { workers } = this.#harness;
      const worker = workers.filter(({ alive, talks }) => alive || talks)[this.#below(workers.length)];
      if (worker) this.#work(worker);
    }
  }

  #work(worker: FakeWorker): void {
    const dice = this.#random();
    if (worker.talks && dice < 0.5) worker.deliver();
    else if (!worker.alive) worker.deliver();
    else if (dice < 0.55) worker.exit();
    else if (dice < 0.57) this.#harness.pool.stopContainer(worker.launch.taskId, this.#chance(0.5));
    else if (dice < 0.59) worker.obeys = !worker.obeys;
    else if (dice < 0.62 && worker.running && this.#makesCalls) void worker.request("outputs");
    else if (!worker.running) worker.ready();
    else {
      const status = this.#chance(0.2) ? Status.FAILURE : Status.SUCCESS;
      worker.finish(status, this.#below(3) * 30, this.#below(worker.begun.length));
    }
  }

  #enqueue(): void {
    const known = this.#calls[this.#below(this.#calls.length * 2 + 1)];
    const call = known && !this.#cancelled.has(known) ? known : this.#harness.call();
    if (!this.#calls.includes(call)) this.#calls.push(call);
    this.#inputs.push(...this.#harness.enqueue(call, this.#below(12) + 1, this.#chance(0.5) ? "one" : "other"));
  }

  #cancel(): void {
    const call = this.#calls[this.#below(this.#calls.length)];
    if (!call) return;
    this.#cancelled.add(call);
    this.#harness.pool.cancel(call, this.#chance(0.3));
  }

  #checkLimits(): void {
    const { numTotalTasks, backlog, numRunningInputs } = this.#harness.pool.stats();
    // A container that waits for a call of its own makes room for another, and both stay when it goes on.
    if (!this.#makesCalls) assert.ok(numTotalTasks <= (this.#options.max_containers ?? CORES));
    assert.ok(backlog >= 0 && numRunningInputs >= 0);
    for (const batch of this.#harness.live.flatMap(({ batches }) => batches)) {
      assert.ok(batch.length <= (this.#options.batch_max_size ?? 1), "a batch is too large");
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
    await this.#harness.advance(2_000);
  }

  #checkEnd(): void {
    for (const input of this.#inputs) {
      const outcomes = this.#harness.outcomes.get(input) ?? [];
      assert.equal(outcomes.length, 1, `input ${input.key} has ${outcomes.length} outcomes`);
      const isCancelled = outcomes[0]?.status === Status.TERMINATED;
      assert.ok(!isCancelled || this.#cancelled.has(input.call), `input ${input.key} was cancelled by nobody`);
    }
    const kept = this.#harness.pool.containers().length;
    assert.ok(kept <= (this.#options.min_containers ?? 0), `${kept} containers are left`);
    assert.equal(this.#harness.live.length, kept, "the pool lost sight of a process");
    assert.deepEqual(
      { ...this.#harness.pool.stats(), inputHeadroom: 0, numTotalTasks: 0 },
      { backlog: 0, numRunningInputs: 0, inputHeadroom: 0, numTotalTasks: 0 },
    );
    assert.equal(this.#harness.clock.pending, kept > 0 ? 1 : 0, "a timer is left");
  }

  /** A whole number from 0 up to, and without, `limit`. */
  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }
}

test("whatever happens, every input ends exactly once and nothing is left", async () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    try {
      await new Simulation(seed).run();
    } catch (error) {
      throw new Error(`The schedule of seed ${seed} went wrong.`, { cause: error });
    }
  }
});
