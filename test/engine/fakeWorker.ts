import type { InputKey } from "../../src/engine/ids.ts";
import type { Payload } from "../../src/engine/payloads/payload.ts";
import type { Clock } from "../../src/engine/scheduler/clock.ts";
import type { Worker, WorkerEvents, WorkerInput, WorkerLaunch } from "../../src/engine/workers/worker.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";

/**
 * A container's process that does what a test says. What it tells the engine goes through an outbox, like through a pipe: later,
 * and in order.
 */
export class FakeWorker implements Worker {
  readonly launch: WorkerLaunch;
  /** Batches in order, of which as many run as there are slots; without batching, each is one input. */
  readonly batches: WorkerInput[][] = [];
  /** Keys of inputs that it was ever given. */
  readonly received = new Set<InputKey>();
  /** Keys of inputs that it was asked to stop while they ran. */
  readonly asked = new Set<InputKey>();
  /** What its outputs and items are. */
  data: Payload = new Uint8Array([1]);
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
  readonly #beganAt = new Map<WorkerInput[], number>();

  constructor(launch: WorkerLaunch, events: WorkerEvents, clock: Clock) {
    this.launch = launch;
    this.#events = events;
    this.#clock = clock;
  }

  get held(): WorkerInput[] {
    return this.batches.flat();
  }

  /** The batches that run. */
  get begun(): WorkerInput[][] {
    return this.batches.slice(0, this.launch.definition.options.max_concurrent_inputs ?? 1);
  }

  /** The input that runs longest. */
  get running(): WorkerInput | undefined {
    return this.batches[0]?.[0];
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

  /** Ends a running batch, by default the one that runs longest. */
  finish(status: Status = Status.SUCCESS, runMs?: number, position = 0): void {
    const batch = this.begun[position];
    if (!batch) throw new Error("Nothing runs here.");
    for (const { key } of batch) this.#tellOutput(key, status, runMs ?? this.#clock.now() - this.#begin(batch));
    this.batches.splice(position, 1);
    this.#beginAll();
    if (this.stopping) this.#exitIfIdle();
  }

  /** The running generator yields something. */
  item(): void {
    const { running } = this;
    if (!running) throw new Error("Nothing runs here.");
    const item = { input: running.key, dataFormat: 4, data: this.data };
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
    for (const { key } of inputs) this.received.add(key);
    if (this.launch.definition.options.batch_max_size) this.batches.push([...inputs]);
    else this.batches.push(...inputs.map((input) => [input]));
    this.#beginAll();
  }

  recall(keys: readonly InputKey[]): void {
    for (const key of keys) {
      const batch = this.batches.slice(this.begun.length).find((waiting) => waiting.some((input) => input.key === key));
      if (batch) this.#takeOut(batch, key);
    }
  }

  cancel(keys: readonly InputKey[]): void {
    for (const key of keys) {
      const position = this.batches.findIndex((batch) => batch.some((input) => input.key === key));
      const batch = this.batches[position];
      if (!batch) continue;
      if (position >= this.begun.length || batch.length > 1) this.#takeOut(batch, key);
      else {
        this.asked.add(key);
        if (this.obeys) this.finish(Status.TERMINATED, undefined, position);
      }
    }
  }

  /** An input that waits is let go at once, and so is one of several in a batch: their code runs on for the others. */
  #takeOut(batch: WorkerInput[], key: InputKey): void {
    const rest = batch.filter((input) => input.key !== key);
    if (rest.length > 0) batch.splice(0, batch.length, ...rest);
    else this.batches.splice(this.batches.indexOf(batch), 1);
    this.#tellOutput(key, Status.TERMINATED, 0);
  }

  #beginAll(): void {
    for (const batch of this.begun) this.#begin(batch);
  }

  /** When a batch began, which is now if it had not. */
  #begin(batch: WorkerInput[]): number {
    const beganAt = this.#beganAt.get(batch) ?? this.#clock.now();
    this.#beganAt.set(batch, beganAt);
    return beganAt;
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
    if (this.batches.length === 0 && !this.lingers) this.exit("ended with exit code 0");
  }

  #tellOutput(input: InputKey, status: Status, runMs: number): void {
    const now = this.#clock.now();
    const startedAt = now - runMs;
    const { data } = this;
    this.#outbox.push(() =>
      this.#events.output({
        input,
        status,
        dataFormat: 4,
        startedAt: startedAt / 1_000,
        endedAt: now / 1_000,
        exception: status === Status.FAILURE ? "ValueError('no')" : "",
        traceback: "",
        data,
      }),
    );
  }
}
