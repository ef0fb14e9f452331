import type { InputKey } from "../../src/engine/ids.ts";
import type { Clock } from "../../src/engine/scheduler/clock.ts";
import type { Worker, WorkerEvents, WorkerInput, WorkerLaunch } from "../../src/engine/workers/worker.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";

/**
 * A container's process that does what a test says. What it tells the engine goes through an outbox, like through a pipe: later,
 * and in order.
 */
export class FakeWorker implements Worker {
  readonly launch: WorkerLaunch;
  /** What it has, in order; the first one runs. */
  readonly held: WorkerInput[] = [];
  /** Keys of inputs that it was asked to stop while they ran. */
  readonly asked = new Set<InputKey>();
  /** Stops running code when it is asked to; code in C would not. */
  obeys = true;
  alive = true;
  stopping = false;
  /** Its exit hooks take for ever. */
  lingers = false;
  /** How the process ended: by itself, or by the engine's hand. */
  wasKilled = false;
  readonly #events: WorkerEvents;
  readonly #clock: Clock;
  readonly #outbox: (() => void)[] = [];
  #beganAt = 0;

  constructor(launch: WorkerLaunch, events: WorkerEvents, clock: Clock) {
    this.launch = launch;
    this.#events = events;
    this.#clock = clock;
  }

  get running(): WorkerInput | undefined {
    return this.held[0];
  }

  /** Anything left to tell. */
  get talks(): boolean {
    return this.#outbox.length > 0;
  }

  /** Tells the oldest thing that was not told yet. */
  deliver(): void {
    this.#outbox.shift()?.();
  }

  ready(): void {
    this.#outbox.push(() => this.#events.ready());
  }

  importFails(exception: string): void {
    this.#outbox.push(() => this.#events.failed({ exception, traceback: "Traceback" }));
    this.exit("ended with exit code 1");
  }

  /** Ends the running input. */
  finish(status: Status = Status.SUCCESS, runMs?: number): void {
    const input = this.held.shift();
    if (!input) throw new Error("Nothing runs here.");
    this.#tellOutput(input.key, status, runMs);
    this.#beganAt = this.#clock.now();
    if (this.stopping) this.#exitIfIdle();
  }

  /** The running generator yields something. */
  item(): void {
    const { running } = this;
    if (!running) throw new Error("Nothing runs here.");
    const item = { input: running.key, dataFormat: 4, data: new Uint8Array([7]) };
    this.#outbox.push(() => this.#events.item(item));
  }

  /** The process ends, with whatever it still had to run. */
  exit(reason = "was killed by SIGSEGV"): void {
    if (!this.alive) return;
    this.alive = false;
    this.#outbox.push(() => this.#events.exited(reason));
  }

  /** User code asks the engine for something; resolves with the answer. */
  request(method: string, params: Record<string, unknown> = {}) {
    return this.#events.request({ method, params, payload: new Uint8Array(), signal: new AbortController().signal });
  }

  send(inputs: readonly WorkerInput[]): void {
    if (this.held.length === 0) this.#beganAt = this.#clock.now();
    this.held.push(...inputs);
  }

  cancel(keys: readonly InputKey[]): void {
    for (const key of keys) {
      const position = this.held.findIndex((input) => input.key === key);
      if (position > 0) {
        this.held.splice(position, 1);
        this.#tellOutput(key, Status.TERMINATED);
      } else if (position === 0) {
        this.asked.add(key);
        if (this.obeys) this.finish(Status.TERMINATED);
      }
    }
  }

  stop(): void {
    this.stopping = true;
    this.#exitIfIdle();
  }

  kill(): void {
    this.wasKilled = true;
    this.exit("was killed by SIGKILL");
  }

  #exitIfIdle(): void {
    if (this.held.length === 0 && !this.lingers) this.exit("ended with exit code 0");
  }

  #tellOutput(input: InputKey, status: Status, runMs?: number): void {
    const now = this.#clock.now();
    const startedAt = runMs === undefined ? this.#beganAt : now - runMs;
    this.#outbox.push(() =>
      this.#events.output({
        input,
        status,
        dataFormat: 4,
        startedAt: startedAt / 1_000,
        endedAt: now / 1_000,
        exception: status === Status.FAILURE ? "ValueError('no')" : "",
        traceback: "",
        data: new Uint8Array([1]),
      }),
    );
  }
}
