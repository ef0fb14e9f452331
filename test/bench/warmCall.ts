import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, median, type RatioLimit, repeated, report } from "./figures.ts";
import { type Peer, startPeer } from "./work.ts";

const ROUNDS = 12;
const CALLS_A_ROUND = 50;
/** Before they are measured: by then, the programs of both sides are compiled. */
const WARMING_ROUNDS = 20;

/** Measures single calls beside those through Python's ProcessPoolExecutor. */
export async function measureBesidePoolCalls(modal: ModalClient, python: string): Promise<void> {
  const pool = startPeer(python, "poolCalls.py");
  try {
    await measureWarmCall(modal, "the pool", pool, { ratioAtMost: 5 });
  } finally {
    pool.close();
  }
}

/**
 * Measures single calls beside a peer's: in turns, for whatever else the machine does hits both.
 *
 * @param who names the peer after "beside"
 */
export async function measureWarmCall(modal: ModalClient, who: string, peer: Peer, must?: RatioLimit): Promise<void> {
  const square = modal.functions.fromName("bench", "square");
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
    const own = await repeated(CALLS_A_ROUND, () => durationMs(() => square.remote([7])));
    const others = await peer.calls(CALLS_A_ROUND);
    if (round < 0) continue;
    ours.push(...own);
    theirs.push(...others);
  }
  report({ name: `warm call, beside ${who}`, unit: "ms", ours: median(ours), peer: median(theirs), ...must });
}
