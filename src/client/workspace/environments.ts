import { ObjectCreationType } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";

/** An environment of the workspace: apps of the same name may be in several. */
export interface EnvironmentInfo {
  readonly name: string;
  /** Whether an empty name stands for it. */
  readonly isDefault: boolean;
  /** Unix milliseconds; 0 when the server does not tell. */
  readonly createdAt: number;
}

/** The environments of the workspace: `modal.environments`. */
export class EnvironmentService {
  readonly #rpc: ModalRpc;

  /** @internal */
  constructor(rpc: ModalRpc) {
    this.#rpc = rpc;
  }

  /** All of them, by name. */
  async list(): Promise<EnvironmentInfo[]> {
    const { items } = await this.#rpc.environmentList({});
    const environments = items.map((item) => ({
      name: item.name,
      isDefault: item.default,
      createdAt: item.createdAt * 1_000,
    }));
    return environments.sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * The name of an environment as the server writes it.
   *
   * @param name empty: the default one
   * @throws NotFoundError when there is none of that name
   */
  lookup(name = ""): Promise<string> {
    return this.#getOrCreate(name, ObjectCreationType.UNSPECIFIED);
  }

  /**
   * Makes an environment.
   *
   * @throws AlreadyExistsError when there is one of that name
   * @throws InvalidError when that is no name for one
   */
  create(name: string): Promise<string> {
    return this.#getOrCreate(name, ObjectCreationType.CREATE_FAIL_IF_EXISTS);
  }

  async #getOrCreate(deploymentName: string, objectCreationType: ObjectCreationType): Promise<string> {
    const { metadata } = await this.#rpc.environmentGetOrCreate({ deploymentName, objectCreationType });
    return metadata?.name || deploymentName;
  }
}
