import { GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import type { FunctionDefinition } from "../deploy/definition.ts";
import { type InputKey, newTaskId } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";
import type {
  StartWorker,
  WorkerEvents,
  WorkerItem,
  WorkerLaunch,
  WorkerLog,
  WorkerOutput,
  WorkerRequest,
} from "../workers/worker.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { Clock } from "./clock.ts";
import { Container } from "./container.ts";
import { FairQueue } from "./fairQueue.ts";
import { CANCELLED, type Outcome, outcomeWithoutData } from "./outcome.ts";
import { loadOf, type PoolStats, statsOf } from "./poolLoad.ts";
import {
  type AutoscalerOverride,
  desiredContainers,
  inputsPerContainer,
  type Load,
  retryDelayMs,
  type ScalingSettings,
  scalingSettings,
} from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** What a pool needs of the house. */
export interface PoolSurroundings {
  readonly clock: Clock;
  readonly cores: number;
  readonly startWorker: StartWorker;
  /** What was changed of a function's settings since its deployment. */
  overrideOf(functionId: string): AutoscalerOverride;
  /** Reads arguments that are not kept in memory. */
  argsOf(input: ScheduledInput): Payload;
  /** An input has its final output. */
  finish(input: ScheduledInput, outcome: Outcome): void;
  /** A generator's input yielded something. */
  yielded(input: ScheduledInput, item: WorkerItem): void;
  /** Takes back what an input yielded before it runs again. False when that cannot be: somebody has read it. */
  startOver(input: ScheduledInput): boolean;
  log(launch: WorkerLaunch, log: WorkerLog): void;
  request(launch: WorkerLaunch, request: WorkerRequest): ReturnType<WorkerEvents["request"]>;
}

const TICK_MS = 100;
/** A cancelled input that is still there after this long is beyond asking (it may sit in C code); its container ends. */
const CANCEL_GRACE_MS = 5_000;
/** So long may the exit hooks of a class run, as on Modal. */
const EXIT_GRACE_MS = 30_000;
/** A container that dies under an input this often is not worth another. */
const MAX_LOST = 3;
/** Containers that die in a row before they import user code. */
const MAX_FAILED_STARTS = 3;
/** Weight of the newest input in the mean run time. */
const MEAN_WEIGHT = 0.2;

/** One function: its queue, its containers, and the decisions about both. */
export class FunctionPool {
  #launch: Omit<WorkerLaunch, "taskId">;
  #settings: ScalingSettings;
  readonly #surroundings: PoolSurroundings;
  readonly #queue = new FairQueue();
  readonly #containers = new Set<Container>();
  /** Inputs that wait for their next retry, with what ends the wait. */
  readonly #delayed = new Map<ScheduledInput, () => void>();
  #meanMs: number | undefined;
  /** Its user code calls functions: whatever is sent ahead could wait behind its own children. */
  #makesCalls = false;
  #failedStarts = 0;
  #dispatchIsDue = false;
  #closed = false;
  #stopTicking: (() => void) | undefined;

  constructor(launch: Omit<WorkerLaunch, "taskId">, surroundings: PoolSurroundings) {
    this.#launch = launch;
    this.#surroundings = surroundings;
    this.#settings = this.#currentSettings();
    this.#dispatchSoon();
  }

  /** Puts a new version in place: containers of the old one finish what they run, and take no more. */
  update(launch: Omit<WorkerLaunch, "taskId">): void {
    this.#launch = launch;
    this.#settings = this.#currentSettings();
    this.#meanMs = undefined;
    this.#makesCalls = false;
    this.#failedStarts = 0;
    for (const container of this.#containers) container.drain();
    this.#dispatchSoon();
  }

  /** Puts changed settings in place: containers start at once, and those beyond the maximum finish what they run and end. */
  autoscale(): void {
    this.#settings = this.#currentSettings();
    const counting = [...this.#containers].filter(({ counts }) => counts);
    const idleFirst = counting.sort((a, b) => a.inputs.length - b.inputs.length);
    const most = this.#settings.maxContainers + this.#load().blocked;
    for (const container of idleFirst.slice(0, Math.max(0, counting.length - most))) container.drain();
    this.#dispatchSoon();
  }

  /** Its function is no longer deployed: what was accepted is still run, but no container waits for more. */
  retire(): void {
    this.#settings = { ...this.#settings, minContainers: 0, bufferContainers: 0 };
  }

  enqueue(inputs: readonly ScheduledInput[]): void {
    if (this.#givenUp) this.#failedStarts = 0;
    for (const input of inputs) this.#queue.push(input);
    this.#dispatchSoon();
  }

  /**
   * Ends the inputs of a call that match, in whatever state they are. Each gets an output TERMINATED, running ones when their
   * code has stopped.
   *
   * @param terminateContainers ends the containers of running ones; other inputs there go back to the queue
   */
  cancel(call: ActiveCall, terminateContainers: boolean): void {
    for (const [input, takeBack] of this.#delayed) {
      if (input.call !== call) continue;
      takeBack();
      this.#delayed.delete(input);
      this.#terminated(input);
    }
    for (const input of this.#queue.remove(call)) this.#terminated(input);
    for (const container of this.#containers) {
      const inputs = container.inputs.filter((input) => input.call === call);
      if (inputs.length === 0) continue;
      container.cancel(inputs, this.#now() + CANCEL_GRACE_MS);
      if (terminateContainers) container.kill("cancelled");
    }
  }

  /** As its newest containers have it. */
  get definition(): FunctionDefinition {
    return this.#launch.definition;
  }

  /** The inputs that have begun, and where; times in unix seconds. */
  runningInputs(): { key: InputKey; taskId: string; startedAt: number }[] {
    return [...this.#containers].flatMap(({ running, taskId, since }) =>
      running ? [{ key: running.key, taskId, startedAt: since / 1_000 }] : [],
    );
  }

  stats(): PoolStats {
    return statsOf(this.#containers, this.#load(), this.#settings.maxContainers);
  }

  containers(): { taskId: string; startedAt: number }[] {
    return [...this.#containers].map(({ taskId, startedAt }) => ({ taskId, startedAt }));
  }

  stopContainer(taskId: string, graceful: boolean): boolean {
    for (const container of this.#containers) {
      if (container.taskId !== taskId) continue;
      if (graceful) container.drain();
      else container.kill("stopped");
      return true;
    }
    return false;
  }

  /** Its app was stopped, and nothing is left to do: every container ends when its exit hooks have run. */
  stop(): void {
    this.#takeNoMore();
    for (const container of this.#containers) container.drain();
    this.#surroundings.clock.after(EXIT_GRACE_MS, () => {
      for (const container of this.#containers) container.kill("stopped");
    });
  }

  /** Ends every container, at once. Inputs that were cancelled still get their outputs; others stay pending in the store. */
  close(): void {
    this.#takeNoMore();
    for (const container of this.#containers) container.kill("stopped");
  }

  #takeNoMore(): void {
    this.#closed = true;
    this.#stopTicking?.();
    for (const takeBack of this.#delayed.values()) takeBack();
    this.#delayed.clear();
    this.#queue.removeAll();
  }

  /** Containers keep dying before they import user code: no more of them until there is new work. */
  get #givenUp(): boolean {
    return this.#failedStarts >= MAX_FAILED_STARTS;
  }

  #currentSettings(): ScalingSettings {
    const { functionId, definition } = this.#launch;
    const override = this.#surroundings.overrideOf(functionId);
    return scalingSettings({ ...definition.options, ...override }, this.#surroundings.cores);
  }

  #now(): number {
    return this.#surroundings.clock.now();
  }

  #load(): Load {
    return loadOf(this.#containers, { backlog: this.#queue.size, meanMs: this.#meanMs, now: this.#now() });
  }

  /** Once per turn of the event loop, however many outputs that turn brought. */
  #dispatchSoon(): void {
    if (this.#dispatchIsDue || this.#closed) return;
    this.#dispatchIsDue = true;
    queueMicrotask(() => {
      this.#dispatchIsDue = false;
      if (this.#closed) return;
      this.#dispatch();
      this.#scale();
    });
  }

  #dispatch(): void {
    if (this.#queue.size === 0) return;
    const now = this.#now();
    const limit = this.#makesCalls ? 1 : inputsPerContainer(this.#meanMs);
    const free = [...this.#containers].filter((container) => container.takesInputs(now));
    // One more for everybody per round, so that what there is spreads evenly before anything is sent ahead.
    const given = new Map<Container, ScheduledInput[]>();
    for (let level = 1; level <= limit && this.#queue.size > 0; level++) {
      for (const container of free) {
        if (container.inputs.length >= level) continue;
        const input = this.#queue.shift();
        if (!input) break;
        container.hold(input, now);
        const inputs = given.get(container);
        if (inputs) inputs.push(input);
        else given.set(container, [input]);
      }
    }
    for (const [container, inputs] of given) container.send(inputs, this.#surroundings.argsOf);
  }

  #scale(): void {
    if (this.#givenUp && this.#queue.size === 0) return;
    const load = this.#load();
    const missing = desiredContainers(this.#settings, load) - load.containers;
    for (let count = 0; count < missing; count++) this.#start();
    if (this.#containers.size > 0) this.#stopTicking ??= this.#surroundings.clock.every(TICK_MS, () => this.#tick());
  }

  #start(): void {
    const launch: WorkerLaunch = { ...this.#launch, taskId: newTaskId() };
    const { taskId } = launch;
    const events: WorkerEvents = {
      ready: () => this.#ready(container),
      failed: (failure) => this.#failAll(taskId, failure.exception, failure.traceback),
      item: (item) => this.#item(container, item),
      output: (output) => this.#output(container, output),
      log: (log) => this.#surroundings.log(launch, log),
      request: (request) => this.#request(container, launch, request),
      exited: (reason) => this.#exited(container, reason),
    };
    let container: Container;
    try {
      container = new Container(taskId, this.#surroundings.startWorker(launch, events), this.#now());
      this.#containers.add(container);
    } catch (error) {
      // The machine has no room for another process, or no file descriptors for its pipes.
      this.#startFailed(taskId, `could not be started (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #startFailed(taskId: string, reason: string): void {
    this.#failedStarts += 1;
    if (this.#givenUp) this.#failAll(taskId, `The container could not start: its Python process ${reason}.`, "");
    this.#dispatchSoon();
  }

  #ready(container: Container): void {
    this.#failedStarts = 0;
    container.since = this.#now();
    if (container.state === "starting") container.state = "active";
    this.#dispatchSoon();
  }

  #item(container: Container, item: WorkerItem): void {
    const { running } = container;
    if (running?.key === item.input) this.#surroundings.yielded(running, item);
  }

  #output(container: Container, output: WorkerOutput): void {
    const input = container.take(output.input, this.#now());
    if (!input) return; // Killed, or timed out: it has its outcome, or is on its way to another container.
    const runMs = (output.endedAt - output.startedAt) * 1_000;
    if (output.status === Status.SUCCESS) {
      this.#meanMs = this.#meanMs === undefined ? runMs : this.#meanMs + MEAN_WEIGHT * (runMs - this.#meanMs);
    }
    this.#dispatchSoon();
    if (output.status === Status.TERMINATED && input.recalled && !input.cancelled) {
      this.#queue.putBack(input);
      return;
    }
    this.#outcome(input, {
      status: output.status,
      dataFormat: output.dataFormat,
      taskId: container.taskId,
      startedAt: output.startedAt,
      createdAt: output.endedAt,
      exception: output.exception || (output.status === Status.TERMINATED ? CANCELLED : ""),
      traceback: output.traceback,
      data: output.data,
    });
  }

  /** Ends an input, unless its function's policy gives it another try. */
  #outcome(input: ScheduledInput, outcome: Outcome): void {
    const failed = outcome.status === Status.FAILURE || outcome.status === Status.TIMEOUT;
    const mayRetry = failed && !input.cancelled && !input.call.record.retriedByClient;
    const delayMs = mayRetry ? this.#retryDelay(input) : undefined;
    if (delayMs === undefined || !this.#surroundings.startOver(input)) {
      this.#surroundings.finish(input, outcome);
      return;
    }
    input.retryCount += 1;
    const takeBack = this.#surroundings.clock.after(delayMs, () => {
      this.#delayed.delete(input);
      this.enqueue([input]);
    });
    this.#delayed.set(input, takeBack);
  }

  #retryDelay(input: ScheduledInput): number | undefined {
    return retryDelayMs(this.#launch.definition.options.retries, input.retryCount + 1);
  }

  async #request(
    container: Container,
    launch: WorkerLaunch,
    request: WorkerRequest,
  ): ReturnType<PoolSurroundings["request"]> {
    this.#makesCalls = true;
    const waits = request.method === "outputs" || request.method === "items";
    if (waits) {
      container.waiting += 1;
      container.recall();
      this.#dispatchSoon();
    }
    try {
      return await this.#surroundings.request(launch, request);
    } finally {
      if (waits) container.waiting -= 1;
      this.#dispatchSoon();
    }
  }

  #exited(container: Container, reason: string): void {
    const { state } = container;
    const began = container.running;
    const inputs = container.takeAll();
    this.#containers.delete(container);
    if (this.#containers.size === 0) {
      this.#stopTicking?.();
      this.#stopTicking = undefined;
    }
    for (const input of inputs) {
      if (input.cancelled) this.#terminated(input, container);
      else if (!this.#surroundings.startOver(input)) this.#halfRead(input, container, reason);
      else if (input === began && container.killReason === undefined) this.#lost(input, container, reason);
      else this.#queue.putBack(input);
    }
    if (state === "starting") this.#startFailed(container.taskId, reason);
    this.#dispatchSoon();
  }

  /** Its container died under it: another try, unless that keeps happening. */
  #lost(input: ScheduledInput, container: Container, reason: string): void {
    input.lost += 1;
    if (input.lost < MAX_LOST) {
      this.#queue.putBack(input);
      return;
    }
    const exception = `The container's Python process ${reason}, ${input.lost} times.`;
    this.#surroundings.finish(input, this.#failure(Status.INTERNAL_FAILURE, exception, container));
  }

  /** A generator whose items have a reader: another run would not go on where this one was. */
  #halfRead(input: ScheduledInput, container: Container, reason: string): void {
    const exception = `The container's Python process ${reason} after items of this generator had been read; call it again.`;
    this.#surroundings.finish(input, this.#failure(Status.INTERNAL_FAILURE, exception, container));
  }

  #failAll(taskId: string, exception: string, traceback: string): void {
    for (const input of this.#queue.removeAll()) {
      this.#surroundings.finish(input, { ...this.#failure(Status.INIT_FAILURE, exception), taskId, traceback });
    }
  }

  #terminated(input: ScheduledInput, container?: Container): void {
    this.#surroundings.finish(input, this.#failure(Status.TERMINATED, CANCELLED, container));
  }

  #failure(status: Status, exception: string, container?: Container): Outcome {
    const startedAt = container?.running && container.since / 1_000;
    return outcomeWithoutData(status, exception, this.#now() / 1_000, {
      ...(container && { taskId: container.taskId }),
      ...(startedAt !== undefined && { startedAt }),
    });
  }

  #tick(): void {
    const now = this.#now();
    for (const container of this.#containers) {
      const running = container.running;
      if (container.cancelDeadline !== undefined && now >= container.cancelDeadline) container.kill("cancelled");
      else if (running && now - container.since > this.#settings.timeoutMs) this.#timeOut(container, running);
      else if (container.stuck(now)) this.#spread(container, now);
      else if (container.state === "draining" && !running) this.#awaitExit(container, now);
      else if (!running) this.#scaleDown(container, now);
    }
    if (this.#queue.size > 0) this.#dispatchSoon();
  }

  #timeOut(container: Container, running: ScheduledInput): void {
    if (running.cancelled) {
      container.kill("cancelled");
      return;
    }
    const seconds = this.#settings.timeoutMs / 1_000;
    const outcome = this.#failure(
      Status.TIMEOUT,
      `The input ran longer than the function's timeout of ${seconds} s.`,
      container,
    );
    container.take(running.key, this.#now());
    container.kill("timeout");
    this.#outcome(running, outcome);
  }

  /** Gives what waits behind a long input to other containers, where there are some or could be. */
  #spread(container: Container, now: number): void {
    if (container.inputs.length < 2) return;
    const elsewhere = [...this.#containers].some((other) => other.takesInputs(now));
    if (elsewhere || this.#load().containers < this.#settings.maxContainers) container.recall();
  }

  #awaitExit(container: Container, now: number): void {
    container.exitDeadline ??= now + EXIT_GRACE_MS;
    if (now >= container.exitDeadline) container.kill("stopped");
  }

  #scaleDown(container: Container, now: number): void {
    if (container.state !== "active" || now - container.since < this.#settings.scaledownWindowMs) return;
    if (this.#load().containers > this.#settings.minContainers) container.drain();
  }
}
