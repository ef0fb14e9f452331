import { GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import type { RetriesDefinition } from "../deploy/definition.ts";
import { isFile, type Payload } from "../payloads/payload.ts";
import type { WorkerOutput } from "../workers/worker.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { Container, HeldInput } from "./container.ts";
import { DelayedInputs } from "./delayedInputs.ts";
import { CANCELLED, type Outcome, outcomeWithoutData } from "./outcome.ts";
import type { PoolSurroundings } from "./poolSurroundings.ts";
import { retryDelayMs } from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** Where and when an input began, if it did; in milliseconds. */
interface Place {
  readonly taskId?: string;
  readonly beganAt?: number | undefined;
}

/** What the ends need of their pool. */
interface Pool {
  /** Of the version that is in place. */
  retries(): RetriesDefinition | null | undefined;
  /** Takes an input for another try. */
  enqueue(inputs: readonly ScheduledInput[]): void;
  /** Takes an input back that was in a container, in its old place. */
  putBack(input: ScheduledInput): void;
}

/** A container that dies under an input this often is not worth another. */
const MAX_LOST = 3;

/** What becomes of the inputs of a pool when they leave their container, or the queue: an end, or another try. */
export class InputEnds {
  readonly #surroundings: PoolSurroundings;
  readonly #pool: Pool;
  readonly #delayed: DelayedInputs;

  constructor(surroundings: PoolSurroundings, pool: Pool) {
    this.#surroundings = surroundings;
    this.#pool = pool;
    this.#delayed = new DelayedInputs(surroundings.clock);
  }

  /** Takes the inputs of a call off those that wait for another try. */
  removeDelayed(call: ActiveCall): ScheduledInput[] {
    return this.#delayed.remove(call);
  }

  /** Lets go of what waits for another try. */
  close(): void {
    this.#delayed.clear();
  }

  /** Its container has told what came out. */
  output(input: ScheduledInput, taskId: string, output: WorkerOutput): void {
    if (output.status === Status.TERMINATED && input.recalled && !input.cancelled) {
      this.#pool.putBack(input);
      return;
    }
    this.#outcome(input, {
      status: output.status,
      dataFormat: output.dataFormat,
      taskId,
      startedAt: output.startedAt,
      createdAt: output.endedAt,
      exception: output.exception || (output.status === Status.TERMINATED ? CANCELLED : ""),
      traceback: output.traceback,
      data: output.data,
    });
  }

  /** Its container is gone, and it has no output. @param isFinal another container would end the same way */
  left({ input, beganAt }: HeldInput, container: Container, reason: string, isFinal: boolean): void {
    const { taskId, killReason, cancelDeadline } = container;
    const place = { taskId, beganAt };
    // Some containers can only cancel an input by ending, with all that runs there.
    const wasLost = beganAt !== undefined && killReason === undefined && cancelDeadline === undefined;
    if (input.cancelled) this.terminated(input, place);
    else if (!this.#surroundings.startOver(input)) {
      // A generator whose items have a reader: another run would not go on where this one was.
      const exception = `The container's Python process ${reason} after items of this generator had been read; call it again.`;
      this.#surroundings.finish(input, this.#failure(Status.INTERNAL_FAILURE, exception, place));
    } else if (wasLost && (++input.lost >= MAX_LOST || isFinal)) {
      const times = input.lost > 1 ? `, ${input.lost} times` : "";
      const exception = `The container's Python process ${reason}${times}.`;
      this.#surroundings.finish(input, this.#failure(Status.INTERNAL_FAILURE, exception, place));
    } else this.#pool.putBack(input);
  }

  timedOut({ input, beganAt }: HeldInput, { taskId }: Container, exception: string): void {
    this.#outcome(input, this.#failure(Status.TIMEOUT, exception, { taskId, beganAt }));
  }

  terminated(input: ScheduledInput, place?: Place): void {
    this.#surroundings.finish(input, this.#failure(Status.TERMINATED, CANCELLED, place));
  }

  /** No container could be started for it. */
  notStarted(input: ScheduledInput, taskId: string, exception: string, traceback: string): void {
    this.#surroundings.finish(input, { ...this.#failure(Status.INIT_FAILURE, exception), taskId, traceback });
  }

  /** A container has made something for an input that has ended meanwhile, or runs again: nobody will ask for it. */
  drop(data: Payload): void {
    if (isFile(data)) this.#surroundings.removeFiles([data.blobId]);
  }

  /** Ends an input, unless its function's policy gives it another try. */
  #outcome(input: ScheduledInput, outcome: Outcome): void {
    const failed = outcome.status === Status.FAILURE || outcome.status === Status.TIMEOUT;
    const mayRetry = failed && !input.cancelled && !input.call.record.retriedByClient;
    const delayMs = mayRetry ? retryDelayMs(this.#pool.retries(), input.retryCount + 1) : undefined;
    if (delayMs === undefined || !this.#surroundings.startOver(input)) {
      this.#surroundings.finish(input, outcome);
      return;
    }
    this.drop(outcome.data);
    input.retryCount += 1;
    this.#delayed.add(input, delayMs, () => this.#pool.enqueue([input]));
  }

  #failure(status: Status, exception: string, { taskId, beganAt }: Place = {}): Outcome {
    return outcomeWithoutData(status, exception, this.#unixSeconds(), {
      ...(taskId !== undefined && { taskId }),
      ...(beganAt !== undefined && { startedAt: this.#unixSeconds(beganAt) }),
    });
  }

  #unixSeconds(at?: number): number {
    return this.#surroundings.clock.unixMs(at) / 1_000;
  }
}
