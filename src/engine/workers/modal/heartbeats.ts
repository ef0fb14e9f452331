import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ContainerHeartbeatResponseSchema } from "../../../proto/gen/modal_pb.js";

/**
 * A container asks again every 15 s and gives up after 15.1 s (`py/modal/client.py`): an earlier answer would leave a gap in which nothing
 * can be said to it.
 */
const HOLD_MS = 14_500;

/** The heartbeats of a container, whose answers are the one way to cancel an input that it runs. */
export class Heartbeats {
  /** Inputs that are to end and have not. They are named again at each heartbeat: the container may not have begun when it heard of them. */
  readonly #cancelled = new Set<string>();
  #answer: (() => void) | undefined;

  cancel(inputIds: readonly string[]): void {
    for (const inputId of inputIds) this.#cancelled.add(inputId);
    this.#answer?.();
  }

  /** An input has ended. */
  ended(inputId: string): void {
    this.#cancelled.delete(inputId);
  }

  /** Answers a heartbeat: when there is something to say, or when the next one is due. */
  async hold(signal: AbortSignal): Promise<MessageInitShape<typeof ContainerHeartbeatResponseSchema>> {
    if (this.#cancelled.size === 0) await this.#somethingToSay(signal);
    return this.#cancelled.size === 0 ? {} : { cancelInputEvent: { inputIds: [...this.#cancelled] } };
  }

  #somethingToSay(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const answer = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", answer);
        resolve();
      };
      const timer = setTimeout(answer, HOLD_MS).unref();
      signal.addEventListener("abort", answer, { once: true });
      this.#answer = answer;
    });
  }
}
