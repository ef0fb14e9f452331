import { GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import type { FunctionDefinition } from "../deploy/definition.ts";
import { type InputKey, newTaskId } from "../ids.ts";
import { STDERR } from "../workers/processOutput.ts";
import type { WorkerEvents, WorkerItem, WorkerLaunch, WorkerOutput, WorkerRequest } from "../workers/worker.ts";
import type { ActiveCall } from "./activeCall.ts";
import { Container } from "./container.ts";
import { applyLimits, EXIT_GRACE_MS, type LimitedPool } from "./containerLimits.ts";
import { CrashLoop } from "./crashLoop.ts";
import { dispatch } from "./dispatch.ts";
import { InputEnds } from "./inputEnds.ts";
import { InputQueue } from "./inputQueue.ts";
import { loadOf, type PoolStats, statsOf } from "./poolLoad.ts";
import type { PoolSurroundings } from "./poolSurroundings.ts";
import { desiredContainers, heldPerContainer, type Load, type ScalingSettings, scalingSettings } from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

const TICK_MS = 100;
/** A cancelled input that is still there after this long is beyond asking (it may sit in C code); its container ends. */
const CANCEL_GRACE_MS = 5_000;
/** Weight of the newest input in the mean run time. */
const MEAN_WEIGHT = 0.2;

/** One function: its queue, its containers, and the decisions about both. */
export class FunctionPool {
  #launch: Omit<WorkerLaunch, "taskId">;
  #settings: ScalingSettings;
  readonly #surroundings: PoolSurroundings;
  readonly #queue: InputQueue;
  readonly #containers = new Set<Container>();
  readonly #ends: InputEnds;
  readonly #crashLoop = new CrashLoop();
  #meanMs: number | undefined;
  /** Its user code calls functions: whatever is sent ahead could wait behind its own children. */
  #makesCalls = false;
  #dispatchIsDue = false;
  /** Ends the wait until a batch is due. */
  #stopGathering: (() => void) | undefined;
  #closed = false;
  #stopTicking: (() => void) | undefined;

  constructor(launch: Omit<WorkerLaunch, "taskId">, surroundings: PoolSurroundings) {
    this.#launch = launch;
    this.#surroundings = surroundings;
    this.#settings = this.#currentSettings();
    this.#queue = new InputQueue(this.#settings.batching);
    this.#ends = new InputEnds(surroundings, {
      retries: () => this.#launch.definition.options.retries,
      enqueue: (inputs) => this.enqueue(inputs),
      putBack: (input) => this.#queue.putBack(input),
    });
    this.#dispatchSoon();
  }

  /** Puts a new version in place: containers of the old one finish what they run, and take no more. */
  update(launch: Omit<WorkerLaunch, "taskId">): void {
    this.#launch = launch;
    this.#settings = this.#currentSettings();
    this.#queue.reshape(this.#settings.batching);
    this.#meanMs = undefined;
    this.#makesCalls = false;
    this.#crashLoop.end();
    for (const container of this.#containers) container.drain();
    this.#dispatchSoon();
  }

  /** Puts changed settings in place: containers start at once, and those beyond the maximum finish what they run and end. */
  autoscale(): void {
    this.#settings = this.#currentSettings();
    const counting = [...this.#containers].filter(({ counts }) => counts);
    const idleFirst = counting.sort((a, b) => a.held - b.held);
    const most = this.#settings.maxContainers + this.#load().blocked;
    for (const container of idleFirst.slice(0, Math.max(0, counting.length - most))) container.drain();
    this.#dispatchSoon();
  }

  /** Its function is no longer deployed: what was accepted is still run, but no container waits for more. */
  retire(): void {
    this.#settings = { ...this.#settings, minContainers: 0, bufferContainers: 0 };
  }

  enqueue(inputs: readonly ScheduledInput[]): void {
    if (this.#crashLoop.isGivenUp) this.#crashLoop.end();
    const now = this.#now();
    for (const input of inputs) this.#queue.push(input, now);
    this.#dispatchSoon();
  }

  /** Gives what waits to containers that are free, and not only when this turn of the event loop is over. */
  dispatchNow(): void {
    if (!this.#closed) this.#dispatch();
  }

  /**
   * Ends the inputs of a call that match, in whatever state they are. Each gets an output TERMINATED, running ones when their
   * code has stopped.
   *
   * @param terminateContainers ends the containers of running ones; other inputs there go back to the queue
   */
  cancel(call: ActiveCall, terminateContainers: boolean): void {
    const waiting = [...this.#ends.removeDelayed(call), ...this.#queue.remove(call)];
    for (const input of waiting) this.#ends.terminated(input);
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
    return [...this.#containers].flatMap(({ taskId, running }) =>
      running.map(({ input, beganAt = this.#now() }) => ({
        key: input.key,
        taskId,
        startedAt: this.#unixSeconds(beganAt),
      })),
    );
  }

  stats(): PoolStats {
    return { ...statsOf(this.#containers, this.#settings, this.#load()), startFailure: this.#crashLoop.state };
  }

  /** Those that run or are about to; times in unix seconds. */
  containers(): { taskId: string; startedAt: number }[] {
    return [...this.#containers].map(({ taskId, startedAt }) => ({
      taskId,
      startedAt: this.#unixSeconds(startedAt),
    }));
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
    this.#stopGathering?.();
    this.#ends.close();
    this.#queue.removeAll();
  }

  #currentSettings(): ScalingSettings {
    const { functionId, definition } = this.#launch;
    const override = this.#surroundings.overrideOf(functionId);
    return scalingSettings({ ...definition.options, ...override }, this.#surroundings.cores);
  }

  #now(): number {
    return this.#surroundings.clock.now();
  }

  /** @param at a time of the clock's that only goes forward */
  #unixSeconds(at: number): number {
    return this.#surroundings.clock.unixMs(at) / 1_000;
  }

  #load(): Load {
    const { size: backlog } = this.#queue;
    return loadOf(this.#containers, this.#settings, { backlog, meanMs: this.#meanMs, now: this.#now() });
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
    const { slots } = this.#settings;
    const now = this.#now();
    const limit = this.#makesCalls ? slots : heldPerContainer(slots, this.#meanMs);
    dispatch(this.#queue, this.#containers, { slots, limit, now }, this.#surroundings.argsOf);
    this.#gather(now);
  }

  /** Comes back when the next batch has waited long enough; a full one, or one that is due, waits for a container. */
  #gather(now: number): void {
    this.#stopGathering?.();
    this.#stopGathering = undefined;
    const { dueAt } = this.#queue;
    if (dueAt !== undefined && dueAt > now) {
      this.#stopGathering = this.#surroundings.clock.after(dueAt - now, () => this.#dispatchSoon());
    }
  }

  #scale(): void {
    if (this.#crashLoop.isGivenUp && this.#queue.size === 0) return;
    const load = this.#load();
    const missing = desiredContainers(this.#settings, load) - load.containers;
    for (let count = 0; count < missing; count++) this.#start();
    if (this.#containers.size > 0) this.#stopTicking ??= this.#surroundings.clock.every(TICK_MS, () => this.#tick());
  }

  #start(): void {
    const launch: WorkerLaunch = { ...this.#launch, taskId: newTaskId() };
    const { taskId } = launch;
    let importFailure = "";
    const events: WorkerEvents = {
      ready: () => this.#ready(container),
      failed: ({ exception, traceback }) => {
        importFailure = exception;
        this.#tell(taskId, traceback);
        this.#failAll(taskId, exception, traceback);
      },
      item: (item) => this.#item(container, item),
      output: (output) => this.#output(container, output),
      log: (log) => this.#surroundings.log(launch, log),
      request: (request) => this.#request(container, launch, request),
      waits: () => this.#waits(container),
      exited: (reason, outOfMemory) => {
        this.#exited(container, importFailure ? `failed with ${importFailure}` : reason, outOfMemory);
      },
    };
    let container: Container;
    try {
      const worker = this.#surroundings.startWorker(launch, events);
      container = new Container(taskId, worker, this.#settings, this.#now());
      this.#containers.add(container);
    } catch (error) {
      // The machine has no room for another process, or no file descriptors for its pipes.
      this.#startFailed(taskId, `could not be started (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #startFailed(taskId: string, reason: string): void {
    const isLast = this.#crashLoop.failed(this.#launch.definition.name, reason);
    if (this.#crashLoop.isGivenUp) {
      this.#failAll(taskId, `The container could not start: its Python process ${reason}.`, "");
    }
    if (isLast) this.#tell(taskId, `${this.#crashLoop.state}\n`);
    this.#dispatchSoon();
  }

  /** Says something in the app's logs that nobody may be waiting for. */
  #tell(taskId: string, text: string): void {
    const log = { input: undefined, fileDescriptor: STDERR, at: this.#unixSeconds(this.#now()), text };
    this.#surroundings.log({ ...this.#launch, taskId }, log);
  }

  #ready(container: Container): void {
    this.#crashLoop.end();
    container.idleSince = this.#now();
    if (container.state === "starting") container.state = "active";
    this.#dispatchSoon();
  }

  #item(container: Container, item: WorkerItem): void {
    const held = container.find(item.input);
    if (held?.beganAt !== undefined) this.#surroundings.yielded(held.input, item);
    else this.#ends.drop(item.data);
  }

  #output(container: Container, output: WorkerOutput): void {
    const input = container.take(output.input, this.#now());
    if (!input) {
      this.#ends.drop(output.data); // Killed, or timed out: it has its outcome, or is on its way to another container.
      return;
    }
    const runMs = (output.endedAt - output.startedAt) * 1_000;
    if (output.status === Status.SUCCESS) {
      this.#meanMs = this.#meanMs === undefined ? runMs : this.#meanMs + MEAN_WEIGHT * (runMs - this.#meanMs);
    }
    this.#dispatchSoon();
    this.#ends.output(input, container.taskId, output);
  }

  async #request(
    container: Container,
    launch: WorkerLaunch,
    request: WorkerRequest,
  ): ReturnType<PoolSurroundings["request"]> {
    this.#makesCalls = true;
    const goOn = waitsForOthers(request) ? this.#waits(container) : () => this.#dispatchSoon();
    try {
      return await this.#surroundings.request(launch, request);
    } finally {
      goOn();
    }
  }

  #waits(container: Container): () => void {
    this.#makesCalls = true;
    container.waiting += 1;
    container.recall();
    this.#dispatchSoon();
    return () => {
      container.waiting -= 1;
      this.#dispatchSoon();
    };
  }

  #exited(container: Container, reason: string, outOfMemory = false): void {
    this.#containers.delete(container);
    if (this.#containers.size === 0) {
      this.#stopTicking?.();
      this.#stopTicking = undefined;
    }
    const held = container.takeAll();
    // What ran there alone has taken the memory, and would take it again.
    const isFinal = outOfMemory && held.filter(({ beganAt }) => beganAt !== undefined).length === 1;
    for (const one of held) this.#ends.left(one, container, reason, isFinal);
    if (container.state === "starting") this.#startFailed(container.taskId, reason);
    this.#dispatchSoon();
  }

  #failAll(taskId: string, exception: string, traceback: string): void {
    for (const input of this.#queue.removeAll()) this.#ends.notStarted(input, taskId, exception, traceback);
  }

  #tick(): void {
    applyLimits(this.#limited, this.#now());
    if (this.#queue.size > 0) this.#dispatchSoon();
  }

  get #limited(): LimitedPool {
    return {
      containers: this.#containers,
      settings: this.#settings,
      load: () => this.#load(),
      startTimedOut: ({ taskId }, exception) => {
        this.#crashLoop.giveUp(exception);
        this.#failAll(taskId, exception, "");
      },
      inputTimedOut: (held, container, exception) => this.#ends.timedOut(held, container, exception),
    };
  }
}

/** Whether the code that asks stands still until a call of its own goes on, or others put something into a queue. */
function waitsForOthers({ method, params }: WorkerRequest): boolean {
  if (method === "queue_get" || method === "queue_next") return Boolean(params.timeout_s);
  return method === "outputs" || method === "items" || (method === "call" && Boolean(params.output_wait_ms));
}
