import type { ModalRpc } from "../connection/connection.ts";

/** A container that runs or is about to. Times in unix milliseconds. */
export interface ContainerInfo {
  /** `ta-…`; Modal's protocol calls a container a task. */
  readonly taskId: string;
  readonly appId: string;
  readonly appName: string;
  readonly enqueuedAt: number;
  /** 0 while the container is still to start. */
  readonly startedAt: number;
}

/** A container, also one that has ended. Times in unix milliseconds, 0 for what has not happened. */
export interface ContainerState {
  readonly taskId: string;
  readonly appId: string;
  readonly enqueuedAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Why it ended, where it failed; otherwise empty. */
  readonly exception: string;
}

/** Containers of the client's environment: `modal.containers`. */
export class ContainerService {
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;

  /** @internal */
  constructor(rpc: ModalRpc, environmentName: string) {
    this.#rpc = rpc;
    this.#environmentName = environmentName;
  }

  /**
   * The containers that are there now.
   *
   * @param appId only those of one app
   */
  async list(appId = ""): Promise<ContainerInfo[]> {
    const { tasks } = await this.#rpc.taskList({ environmentName: this.#environmentName, appId });
    return tasks.map((task) => ({
      taskId: task.taskId,
      appId: task.appId,
      appName: task.appDescription,
      enqueuedAt: task.enqueuedAt * 1_000,
      startedAt: task.startedAt * 1_000,
    }));
  }

  /**
   * A container by its id, for as long as the server remembers it.
   *
   * @param taskId `ta-…`
   * @throws NotFoundError when there is no such container
   */
  async info(taskId: string): Promise<ContainerState> {
    const { appId, info } = await this.#rpc.taskGetInfo({ taskId });
    return {
      taskId,
      appId,
      enqueuedAt: (info?.enqueuedAt ?? 0) * 1_000,
      startedAt: (info?.startedAt ?? 0) * 1_000,
      finishedAt: (info?.finishedAt ?? 0) * 1_000,
      exception: info?.result?.exception ?? "",
    };
  }

  /**
   * Ends a container. What it ran is run again elsewhere.
   *
   * @param options `graceful`: it first finishes what it runs. Default: false
   * @throws NotFoundError when no such container runs
   */
  async stop(taskId: string, { graceful = false }: { readonly graceful?: boolean } = {}): Promise<void> {
    await this.#rpc.containerStop({ taskId, graceful });
  }
}
