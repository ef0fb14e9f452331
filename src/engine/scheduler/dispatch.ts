import type { Payload } from "../payloads/payload.ts";
import type { Container } from "./container.ts";
import type { InputQueue } from "./inputQueue.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** How much containers are given. */
interface Measure {
  /** Batches that a container runs at a time. */
  readonly slots: number;
  /** Batches that it holds at most, those that wait behind included. */
  readonly limit: number;
  /** Milliseconds. */
  readonly now: number;
}

/** Gives what is due to the containers that would begin with it soon. */
export function dispatch(
  queue: InputQueue,
  containers: Iterable<Container>,
  { slots, limit, now }: Measure,
  argsOf: (input: ScheduledInput) => Payload,
): void {
  if (queue.size === 0) return;
  // What is sent ahead is sent in bulk, not one by one: a container is given more when half of it is used up.
  const enough = slots + Math.floor((limit - slots) / 2);
  const free = [...containers].filter((container) => container.held <= enough && container.takesInputs(now));
  const given = new Map<Container, ScheduledInput[][]>();
  // One more for everybody per round, so that what there is spreads evenly before anything is sent ahead.
  const least = Math.min(...free.map(({ held }) => held));
  for (let level = least + 1; level <= limit && queue.size > 0; level++) {
    for (const container of free) {
      if (container.held >= level) continue;
      // A batch that would only wait can as well wait here, where it may grow.
      const batch = queue.shift(now, level > slots);
      if (batch.length === 0) break;
      container.hold(batch, now);
      const batches = given.get(container);
      if (batches) batches.push(batch);
      else given.set(container, [batch]);
    }
  }
  for (const [container, batches] of given) container.send(batches, argsOf);
}
