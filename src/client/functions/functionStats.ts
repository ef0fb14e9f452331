import type { ModalRpc } from "../connection/connection.ts";

/** How much work a function has, and what works on it. */
export interface FunctionStats {
  /** Inputs that wait for a container. */
  readonly backlog: number;
  /** Containers, busy or idle. */
  readonly numTotalRunners: number;
  readonly numRunningInputs: number;
  /** Inputs that the containers could take in addition. */
  readonly inputHeadroom: number;
  /**
   * Why the function gets no containers any more, for now, as a sentence: they could not start, one after another. Empty while it does, and
   * from Modal's servers, which do not say.
   */
  readonly startFailure: string;
}

/** The limit of Modal's own SDKs. */
const STATS_TIMEOUT_MS = 10_000;

/** A function's queue and containers, as they are now (`FunctionGetCurrentStats`). */
export async function currentStats(rpc: ModalRpc, functionId: string): Promise<FunctionStats> {
  const stats = await rpc.functionGetCurrentStats({ functionId }, { totalTimeoutMs: STATS_TIMEOUT_MS });
  return {
    backlog: stats.backlog,
    numTotalRunners: stats.numTotalTasks,
    numRunningInputs: stats.numRunningInputs,
    inputHeadroom: stats.inputHeadroom,
    startFailure: stats.startFailure,
  };
}
