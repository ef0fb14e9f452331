import type { ResultRow } from "../model.ts";
import { ContainerSlots } from "./containerSlots.ts";
import type { ContainerFacts, ContainerLife, RunningInput, TimeSpan } from "./timeModel.ts";

/** What runs one after the other in a container, and last what runs now. */
interface LaneSlot {
  readonly finished: readonly ResultRow[];
  running?: RunningInput;
}

/** All that one container ran and runs of a call. */
export interface Lane {
  readonly past: ContainerSlots;
  readonly slots: readonly LaneSlot[];
}

/** The containers in the order in which they began to work. */
export function lanesOf(containers: ReadonlyMap<string, ContainerSlots>, running: readonly RunningInput[]): Lane[] {
  const lanes = new Map([...containers].map(([containerId, past]) => [containerId, laneOf(past)]));
  for (const input of running) {
    const lane = lanes.get(input.containerId) ?? laneOf(new ContainerSlots(input.containerId));
    lanes.set(input.containerId, lane);
    addRunning(lane.slots, input);
  }
  return [...lanes.values()].sort((one, other) => beginning(one) - beginning(other));
}

function laneOf(past: ContainerSlots): { past: ContainerSlots; slots: LaneSlot[] } {
  return { past, slots: past.slots.map((finished) => ({ finished })) };
}

function addRunning(slots: LaneSlot[], running: RunningInput): void {
  const isFree = (slot: LaneSlot) => !slot.running && (slot.finished.at(-1)?.finishedAt ?? 0) <= running.startedAt;
  const free = slots.find(isFree);
  if (free) free.running = running;
  else slots.push({ finished: [], running });
}

function beginning({ past, slots }: Lane): number {
  return slots.reduce((first, { running }) => Math.min(first, running?.startedAt ?? first), past.firstStart);
}

/** @param life undefined when nothing is known of it */
export function containerFacts(lane: Lane, life: ContainerLife | undefined, whole: TimeSpan): ContainerFacts {
  const { past, slots } = lane;
  const ready = readySpan(lane, life, whole);
  const runningMs = slots.reduce((sum, { running }) => sum + (running ? whole.to - running.startedAt : 0), 0);
  const couldMs = slots.length * (ready.to - ready.from);
  const startedHere = life && life.enqueuedAt > 0 && life.startedAt > whole.from;
  return {
    containerId: past.containerId,
    startup: startedHere ? { from: Math.max(whole.from, life.enqueuedAt), to: life.startedAt } : undefined,
    ready,
    inputs: past.inputs,
    busy: couldMs > 0 ? Math.min(1, (past.busyMs + runningMs) / couldMs) : 0,
    longest: past.longest && { index: past.longest.index, runMs: past.longest.finishedAt - past.longest.startedAt },
  };
}

/** When a container could run inputs of the call; as long as it did, where nothing else is known. */
function readySpan(lane: Lane, life: ContainerLife | undefined, whole: TimeSpan): TimeSpan {
  const first = Math.min(beginning(lane), whole.to);
  const from = life?.startedAt ? Math.min(first, Math.max(whole.from, life.startedAt)) : first;
  const lives = lane.slots.some(({ running }) => running) || (life && life.startedAt > 0 && life.finishedAt === 0);
  const to = lives ? whole.to : Math.max(lane.past.lastEnd, Math.min(whole.to, life?.finishedAt ?? 0));
  return { from, to };
}
