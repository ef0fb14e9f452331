import type { StartWorker } from "./worker.ts";

const MIB = 1024 * 1024;

/**
 * Starts containers in the same way, each with the limit of memory that holds for it.
 *
 * @param limitBytes for functions that name no limit of their own; undefined is as much as there is
 */
export function memoryLimited(startWorker: StartWorker, limitBytes: number | undefined): StartWorker {
  return (launch, events) => {
    const own = launch.definition.options.memory_limit_mib;
    return startWorker({ ...launch, memoryLimitBytes: own == null ? limitBytes : own * MIB }, events);
  };
}
