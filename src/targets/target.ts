import type { ModalClient } from "../client/index.ts";

/** A server that runs Modal functions: the local engine, and later a Modal workspace. */
export interface Target {
  /** As shown to the user, e.g. "Local". */
  readonly name: string;
  /**
   * A client that is connected to this target. Ask again after a `ConnectionError`: the answer may then be another
   * client, for the target came back at another place. Close the target, not the client.
   *
   * @throws TargetError one sentence that says why the target cannot be used, and what to do
   */
  modal(): Promise<ModalClient>;
  /** Lets go of connections. What runs on the target goes on. */
  close(): void;
}
