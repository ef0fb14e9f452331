import type { FunctionDefinition } from "../deploy/definition.ts";
import type { InputKey } from "../ids.ts";
import type { AppRecord, FunctionRecord } from "../store/appStore.ts";
import type { Store } from "../store/store.ts";
import type { WorkerLaunch } from "../workers/worker.ts";
import { FunctionPool } from "./functionPool.ts";
import type { PoolStats } from "./poolLoad.ts";
import type { PoolSurroundings } from "./poolSurroundings.ts";

/** What a function's containers are started with now. @throws RpcError NOT_FOUND when it is not deployed */
export type LaunchOf = (functionId: string) => Omit<WorkerLaunch, "taskId">;

/** The pools of all functions that have, or had, something to do. */
export class FunctionPools {
  readonly #store: Store;
  readonly #launchOf: LaunchOf;
  readonly #surroundings: PoolSurroundings;
  readonly #pools = new Map<string, FunctionPool>();

  constructor(store: Store, launchOf: LaunchOf, surroundings: PoolSurroundings) {
    this.#store = store;
    this.#launchOf = launchOf;
    this.#surroundings = surroundings;
  }

  /** The pool of a function, if it has one. */
  find(functionId: string): FunctionPool | undefined {
    return this.#pools.get(functionId);
  }

  /** @throws RpcError NOT_FOUND when the function is not deployed */
  of(functionId: string): FunctionPool {
    let pool = this.#pools.get(functionId);
    if (!pool) {
      pool = new FunctionPool(this.#launchOf(functionId), this.#surroundings);
      this.#pools.set(functionId, pool);
    }
    return pool;
  }

  /** Puts a new version of an app in place. Does nothing when another one, or a stop, has come after it. */
  appDeployed(app: AppRecord): void {
    const newest = this.#store.apps.get(app.appId);
    if (newest?.version !== app.version || newest.stoppedAt !== undefined) return;
    for (const record of this.#store.apps.everyFunction(app.appId)) {
      const { functionId, name, binding } = record;
      // What is pinned to a version does not change with another; it has containers when it is called.
      if (binding?.options.pinned_version !== undefined) continue;
      const definition = app.definition.functions.find((candidate) => candidate.name === name);
      const pool = this.#pools.get(functionId);
      if (!definition) pool?.retire();
      else if (pool) pool.update(this.#launchOf(functionId));
      else if (this.#hasMinimum(record, definition)) this.of(functionId);
    }
    this.#surroundings.appChanged(app);
  }

  /** Puts changed autoscaler settings of a function in place. */
  autoscale(functionId: string): void {
    const pool = this.#pools.get(functionId);
    if (pool) pool.autoscale();
    else this.of(functionId);
  }

  /** Ends a function's containers, and forgets its pool. */
  stop(functionId: string): void {
    this.#pools.get(functionId)?.stop();
    this.#pools.delete(functionId);
  }

  stats(functionId: string): PoolStats {
    const idle = { backlog: 0, numTotalTasks: 0, numRunningInputs: 0, inputHeadroom: 0, startFailure: "" };
    return this.#pools.get(functionId)?.stats() ?? idle;
  }

  /** The inputs of a function that have begun, and where; times in unix seconds. */
  runningInputs(functionId: string): ReadonlyMap<InputKey, { taskId: string; startedAt: number }> {
    const inputs = this.#pools.get(functionId)?.runningInputs() ?? [];
    return new Map(inputs.map(({ key, ...place }) => [key, place]));
  }

  containers(): { functionId: string; taskId: string; startedAt: number }[] {
    return [...this.#pools].flatMap(([functionId, pool]) =>
      pool.containers().map((container) => ({ functionId, ...container })),
    );
  }

  /** False when there is no such container. */
  stopContainer(taskId: string, graceful: boolean): boolean {
    return [...this.#pools.values()].some((pool) => pool.stopContainer(taskId, graceful));
  }

  /** Ends every container. */
  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  /** Of a class with parameters, only an instance can have a container; the class's own minimum begins with its first call. */
  #hasMinimum({ functionId, binding }: FunctionRecord, { options, cls }: FunctionDefinition): boolean {
    const lasting = binding?.options ?? (cls?.parameter_format === "typed" ? {} : options);
    const { min_containers } = { ...lasting, ...this.#surroundings.overrideOf(functionId) };
    return (min_containers ?? 0) > 0;
  }
}
