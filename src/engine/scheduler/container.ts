import type { InputKey } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";
import type { Worker } from "../workers/worker.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** `starting` imports user code; `draining` takes no more inputs and ends when it has none. */
export type ContainerState = "starting" | "active" | "draining" | "killed";

/** Why the engine ended a container, if it did. */
export type KillReason = "cancelled" | "timeout" | "stopped";

/** An input that runs longer than this holds up those behind it. */
const STUCK_MS = 50;

/** A running container and the inputs that it holds, in the order in which it runs them: only the first one has begun. */
export class Container {
  readonly taskId: string;
  readonly startedAt: number;
  readonly #worker: Worker;
  state: ContainerState = "starting";
  killReason: KillReason | undefined;
  /** Since when the first input runs, or since when there is none. Milliseconds. */
  since: number;
  /** Calls by user code that are being waited for. */
  waiting = 0;
  /** When a cancelled input must be gone, or the container is. */
  cancelDeadline: number | undefined;
  /** When a container that drains, and runs nothing any more, must be gone. */
  exitDeadline: number | undefined;
  readonly #inputs: ScheduledInput[] = [];

  constructor(taskId: string, worker: Worker, now: number) {
    this.taskId = taskId;
    this.startedAt = now;
    this.since = now;
    this.#worker = worker;
  }

  get inputs(): readonly ScheduledInput[] {
    return this.#inputs;
  }

  get running(): ScheduledInput | undefined {
    return this.state === "starting" ? undefined : this.#inputs[0];
  }

  /** Whether it takes inputs now or soon: one that drains or was killed no longer counts. */
  get counts(): boolean {
    return this.state === "starting" || this.state === "active";
  }

  /** Waits for a call of its own, so it keeps its place but not its processor. */
  get blocked(): boolean {
    return this.waiting > 0;
  }

  /** Runs an input for so long already that nothing should wait behind it. */
  stuck(now: number): boolean {
    return this.running !== undefined && now - this.since > STUCK_MS;
  }

  /** Whether it would begin soon with what it is given. */
  takesInputs(now: number): boolean {
    return this.state === "active" && !this.blocked && !this.stuck(now);
  }

  hold(input: ScheduledInput, now: number): void {
    if (this.#inputs.length === 0) this.since = now;
    input.recalled = false;
    this.#inputs.push(input);
  }

  /** Sends inputs that it was told to hold. */
  send(inputs: readonly ScheduledInput[], argsOf: (input: ScheduledInput) => Payload): void {
    this.#worker.send(
      inputs.map((input) => ({
        key: input.key,
        functionCallId: input.call.record.functionCallId,
        dataFormat: input.dataFormat,
        methodName: input.methodName,
        args: argsOf(input),
      })),
    );
  }

  /** Takes the input of an output off it. */
  take(key: InputKey, now: number): ScheduledInput | undefined {
    const position = this.#inputs.findIndex((input) => input.key === key);
    if (position < 0) return undefined;
    if (position === 0) this.since = now;
    const [input] = this.#inputs.splice(position, 1);
    if (!this.#inputs.some((held) => held.cancelled)) this.cancelDeadline = undefined;
    return input;
  }

  /** Takes everything off it. */
  takeAll(): ScheduledInput[] {
    return this.#inputs.splice(0);
  }

  /** Asks for inputs back that have not begun, so that another container can run them. */
  recall(): void {
    const waiting = this.#inputs.slice(1).filter((input) => !input.recalled && !input.cancelled);
    for (const input of waiting) input.recalled = true;
    if (waiting.length > 0) this.#worker.cancel(waiting.map(({ key }) => key));
  }

  /** Asks to end cancelled inputs; if they are not gone by the deadline, the container will be. */
  cancel(inputs: readonly ScheduledInput[], deadline: number): void {
    for (const input of inputs) input.cancelled = true;
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
}
