import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, report } from "./figures.ts";
import { measureWork, reportWork, startPeer } from "./work.ts";

/** Measures maps beside the same work through Python's ProcessPoolExecutor, which neither stores nor serves anything. */
export async function measureBesideProcessPool(modal: ModalClient, python: string): Promise<void> {
  const peer = startPeer(python, "processPool.py");
  const work = await peer.work();
  peer.close();
  const first = await durationMs(() => modal.functions.fromName("bench", "square").remote([7]));
  report({ name: "first call, container started", unit: "ms", ours: first });
  reportWork("the pool", await measureWork(modal), work, { map: 2, nap: 1 });
}
