import { setTimeout as delay } from "node:timers/promises";
import type { ContainerState, ModalClient } from "../../src/client/index.ts";
import { report } from "./figures.ts";

const FORKED = 10;
const LOOK_AGAIN_MS = 20;

/** Measures from need to ready, as the engine tells it: the app's first container, which starts from nothing, and then others. */
export async function measureContainerStarts(modal: ModalClient): Promise<void> {
  await modal.functions.fromName("bench", "square").remote([7]);
  const before = await started(modal);
  const [first] = before.toSorted((one, other) => one.enqueuedAt - other.enqueuedAt);
  if (!first) throw new Error("The app has no container.");
  report({ name: "first container of an app", unit: "ms", ours: readyMs(first) });

  const count = modal.functions.fromName("bench", "count");
  for (let containers = 1; containers <= FORKED; containers++) {
    await count.updateAutoscaler({ minContainers: containers, maxContainers: containers });
    while ((await started(modal)).length < before.length + containers) await delay(LOOK_AGAIN_MS);
  }
  const known = new Set(before.map(({ taskId }) => taskId));
  const times = (await started(modal)).filter(({ taskId }) => !known.has(taskId)).map(readyMs);
  // The engine tells whole milliseconds: their mean says more than their median.
  report({
    name: "next container of a warm app",
    unit: "ms",
    ours: times.reduce((sum, ms) => sum + ms, 0) / times.length,
  });
}

async function started(modal: ModalClient): Promise<ContainerState[]> {
  const containers = await modal.containers.list();
  const states = await Promise.all(containers.map(({ taskId }) => modal.containers.info(taskId)));
  return states.filter(({ startedAt }) => startedAt > 0);
}

function readyMs({ enqueuedAt, startedAt }: ContainerState): number {
  return startedAt - enqueuedAt;
}
