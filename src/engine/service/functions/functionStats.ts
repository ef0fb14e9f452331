import type { PoolStats } from "../../scheduler/poolLoad.ts";
import type { FunctionRecord } from "../../store/appStore.ts";
import type { House } from "../house.ts";
import { variantIds } from "./variants.ts";

/** The queue and the containers of a function; of a class, those of all its instances. */
export function functionStats(house: House, { functionId, name, binding }: FunctionRecord): PoolStats {
  // A class itself has no containers where its instances have parameters.
  const isClass = name.endsWith(".*") && binding === undefined;
  return summed(variantIds(house, functionId, isClass).map((id) => house.scheduler.stats(id)));
}

function summed(all: readonly PoolStats[]): PoolStats {
  const total = (count: (stats: PoolStats) => number) => all.reduce((sum, stats) => sum + count(stats), 0);
  return {
    backlog: total(({ backlog }) => backlog),
    numTotalTasks: total(({ numTotalTasks }) => numTotalTasks),
    numRunningInputs: total(({ numRunningInputs }) => numRunningInputs),
    inputHeadroom: total(({ inputHeadroom }) => inputHeadroom),
    startFailure: all.map(({ startFailure }) => startFailure).find((failure) => failure !== "") ?? "",
  };
}
