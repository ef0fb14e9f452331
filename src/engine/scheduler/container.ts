import type { InputKey } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";
import type { Worker } from "../workers/worker.ts";
import type { ScalingSettings } from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** `starting` imports user code; `draining` takes no more inputs and ends when it has none. */
export type ContainerState = "starting" | "active" | "draining" | "killed";

/** Why the engine ended a container, if it did. */
export type KillReason = "cancelled" | "timeout" | "stopped";

/** An input of a container, and when it began, in milliseconds, if it has. */
export interface HeldInput {
  readonly input: ScheduledInput;
  readonly beganAt: number | undefined;
}

/** Inputs that run together: one, or the batch of a function that takes batches. */
interface Batch {
  readonly inputs: ScheduledInput[];
  beganAt: number | undefined;
}

/** An input that runs longer than this holds up those behind it. */
const STUCK_MS = 50;

/**
 * A running container and what it holds, in the order in which it runs it: as many batches as it has slots have begun, the others
 * wait behind them. Without batching, every input is a batch of its own.
 */
export class Container {
  readonly taskId: string;
  readonly startedAt: number;
  readonly #worker: Worker;
  readonly #slots: number;
  readonly #hasBatches: boolean;
  state: ContainerState = "starting";
  killReason: KillReason | undefined;
  /** Since when it holds nothing, in milliseconds. */
  idleSince: number;
  /** Calls by user code that are being waited for. */
  waiting = 0;
  /** When a cancelled input must be gone, or the container is. */
  cancelDeadline: number | undefined;
  /** When a container that drains, and runs nothing any more, must be gone. */
  exitDeadline: number | undefined;
  readonly #batches: Batch[] = [];
  readonly #batchOf = new Map<InputKey, Batch>();
  #begun = 0;
  #cancelled = 0;

  constructor(taskId: string, worker: Worker, { slots, batching }: ScalingSettings, now: number) {
    this.taskId = taskId;
    this.startedAt = now;
    this.idleSince = now;
    this.#worker = worker;
    this.#slots = slots;
    this.#hasBatches = batching !== undefined;
  }

  get inputs(): readonly ScheduledInput[] {
    return this.#batches.flatMap(({ inputs }) => inputs);
  }

  /** The inputs that have begun. */
  get running(): readonly HeldInput[] {
    return this.#batches.slice(0, this.#begun).flatMap(heldInputs);
  }

  get slotsInUse(): number {
    return this.#begun;
  }

  /** Batches, begun or not. */
  get held(): number {
    return this.#batches.length;
  }

  /** Whether it takes inputs now or soon: one that drains or was killed no longer counts. */
  get counts(): boolean {
    return this.state === "starting" || this.state === "active";
  }

  /** All that it can run waits for calls of its own, so it keeps its place but not its processor. */
  get blocked(): boolean {
    return this.#isFull && this.waiting >= this.#begun;
  }

  get #isFull(): boolean {
    return this.#begun === this.#slots;
  }

  /** Whether nothing should wait in it: all slots run long inputs already, or it may end with an input that does not stop. */
  stuck(now: number): boolean {
    if (this.cancelDeadline !== undefined) return true;
    const newest = this.#batches[this.#slots - 1]?.beganAt;
    return newest !== undefined && now - newest > STUCK_MS;
  }

  /** Whether it would begin soon with what it is given. */
  takesInputs(now: number): boolean {
    return this.state === "active" && !this.blocked && !this.stuck(now);
  }

  /** Takes a batch, which {@link send} sends. */
  hold(inputs: ScheduledInput[], now: number): void {
    const batch: Batch = { inputs, beganAt: undefined };
    for (const input of inputs) {
      input.recalled = false;
      this.#batchOf.set(input.key, batch);
    }
    this.#batches.push(batch);
    this.#begin(now);
  }

  /** Sends batches that it was told to hold. */
  send(batches: readonly ScheduledInput[][], argsOf: (input: ScheduledInput) => Payload): void {
    for (const inputs of this.#hasBatches ? batches : [batches.flat()]) {
      this.#worker.send(
        inputs.map((input) => ({
          key: input.key,
          functionCallId: input.call.record.functionCallId,
          dataFormat: input.dataFormat,
          methodName: input.methodName,
          retryCount: input.retryCount,
          args: argsOf(input),
        })),
      );
    }
  }

  /** An input that it holds. */
  find(key: InputKey): HeldInput | undefined {
    const batch = this.#batchOf.get(key);
    const input = batch?.inputs.find((candidate) => candidate.key === key);
    return input && { input, beganAt: batch?.beganAt };
  }

  /** Takes an input off it: it has an output, or is to have one. */
  take(key: InputKey, now: number): ScheduledInput | undefined {
    const batch = this.#batchOf.get(key);
    const input = batch?.inputs.find((candidate) => candidate.key === key);
    if (!batch || !input) return undefined;
    this.#batchOf.delete(key);
    batch.inputs.splice(batch.inputs.indexOf(input), 1);
    if (batch.inputs.length === 0) this.#remove(batch, now);
    if (input.cancelled && --this.#cancelled === 0) this.cancelDeadline = undefined;
    return input;
  }

  /** Takes everything off it. */
  takeAll(): HeldInput[] {
    this.#begun = 0;
    this.#cancelled = 0;
    this.#batchOf.clear();
    return this.#batches.splice(0).flatMap(heldInputs);
  }

  /** Asks for inputs back that have not begun, so that another container can run them. */
  recall(): void {
    const behind = this.#batches.slice(this.#slots).flatMap(({ inputs }) => inputs);
    const waiting = behind.filter((input) => !input.recalled && !input.cancelled);
    for (const input of waiting) input.recalled = true;
    if (waiting.length > 0) this.#worker.recall(waiting.map(({ key }) => key));
  }

  /** Asks to end inputs that it holds; if they are not gone by the deadline, the container will be. */
  cancel(inputs: readonly ScheduledInput[], deadline: number): void {
    for (const input of inputs) {
      if (!input.cancelled) this.#cancelled += 1;
      input.cancelled = true;
    }
    this.cancelDeadline ??= deadline;
    this.#worker.cancel(inputs.map(({ key }) => key));
  }

  drain(): void {
    if (this.state === "killed" || this.state === "draining") return;
    this.state = "draining";
    this.recall();
    this.#worker.stop();
  }

  kill(reason: KillReason): void {
    if (this.state === "killed") return;
    this.state = "killed";
    this.killReason = reason;
    this.#worker.kill();
  }

  #begin(now: number): void {
    while (this.#begun < Math.min(this.#slots, this.#batches.length)) {
      const next = this.#batches[this.#begun++];
      if (next) next.beganAt = now;
    }
  }

  #remove(batch: Batch, now: number): void {
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    if (batch.beganAt !== undefined) this.#begun -= 1;
    this.#begin(now);
    if (this.#batches.length === 0) this.idleSince = now;
  }
}

function heldInputs({ inputs, beganAt }: Batch): HeldInput[] {
  return inputs.map((input) => ({ input, beganAt }));
}
