import type { ModalRpc } from "./connection.ts";

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
}
