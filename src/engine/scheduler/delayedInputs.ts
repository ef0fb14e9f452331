import type { ActiveCall } from "./activeCall.ts";
import type { Clock } from "./clock.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** Inputs that wait for their next retry. */
export class DelayedInputs {
  readonly #clock: Clock;
  /** With what ends the wait. */
  readonly #waits = new Map<ScheduledInput, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param over is called after `delayMs`, unless the input was taken out before */
  add(input: ScheduledInput, delayMs: number, over: () => void): void {
    const takeBack = this.#clock.after(delayMs, () => {
      this.#waits.delete(input);
      over();
    });
    this.#waits.set(input, takeBack);
  }

  /** Takes out all inputs of a call. */
  remove(call: ActiveCall): ScheduledInput[] {
    const inputs = [...this.#waits.keys()].filter((input) => input.call === call);
    for (const input of inputs) {
      this.#waits.get(input)?.();
      this.#waits.delete(input);
    }
    return inputs;
  }

  /** Takes out everything. */
  clear(): void {
    for (const takeBack of this.#waits.values()) takeBack();
    this.#waits.clear();
  }
}
