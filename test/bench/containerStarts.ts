import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { ContainerState, ModalClient } from "../../src/client/index.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

const NEXT = 10;
const BARE = 9;
const LOOK_AGAIN_MS = 20;

/**
 * Measures from need to ready, as the engine tells it: the app's first container, which starts from nothing, beside a Python that
 * does nothing, and then others.
 */
export async function measureContainerStarts(modal: ModalClient, python: string): Promise<void> {
  await modal.functions.fromName("bench", "square").remote([7]);
  const before = await started(modal);
  const [first] = before.toSorted((one, other) => one.enqueuedAt - other.enqueuedAt);
  if (!first) throw new Error("The app has no container.");
  const bare = await repeated(BARE, () => durationMs(() => promisify(execFile)(python, ["-c", "pass"])));
  report({ name: "first container, beside python3 -c pass", unit: "ms", ours: readyMs(first), peer: median(bare) });

  const count = modal.functions.fromName("bench", "count");
  for (let containers = 1; containers <= NEXT; containers++) {
    await count.updateAutoscaler({ minContainers: containers, maxContainers: containers });
    while ((await started(modal)).length < before.length + containers) await delay(LOOK_AGAIN_MS);
  }
  const known = new Set(before.map(({ taskId }) => taskId));
  const times = (await started(modal)).filter(({ taskId }) => !known.has(taskId)).map(readyMs);
  report({ name: "next container of a warm app", unit: "ms", ours: median(times), limit: 10 });
}

async function started(modal: ModalClient): Promise<ContainerState[]> {
  const containers = await modal.containers.list();
  const states = await Promise.all(containers.map(({ taskId }) => modal.containers.info(taskId)));
  return states.filter(({ startedAt }) => startedAt > 0);
}

function readyMs({ enqueuedAt, startedAt }: ContainerState): number {
  return startedAt - enqueuedAt;
}
