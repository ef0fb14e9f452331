import type { ModalClient } from "../client/index.ts";
import type { Target } from "./target.ts";

/** A Modal workspace, by the tokens of an account. The first use asks the server whose they are, so that wrong ones are told at once. */
export class AccountTarget implements Target {
  readonly name: string;
  readonly #connect: () => Promise<ModalClient>;
  #modal: Promise<ModalClient> | undefined;

  /** @param connect makes a client; called again after it failed or was refused */
  constructor(name: string, connect: () => Promise<ModalClient>) {
    this.name = name;
    this.#connect = connect;
  }

  /**
   * @throws InvalidError a setting is wrong
   * @throws AuthError there is no token, or the server refuses it
   * @throws ConnectionError the server does not answer
   */
  modal(): Promise<ModalClient> {
    this.#modal ??= this.#checked().catch((error: unknown) => {
      this.#modal = undefined;
      throw error;
    });
    return this.#modal;
  }

  close(): void {
    void this.#modal?.then((modal) => modal.close()).catch(() => undefined);
    this.#modal = undefined;
  }

  async #checked(): Promise<ModalClient> {
    const modal = await this.#connect();
    try {
      await modal.workspace.name();
      return modal;
    } catch (error) {
      modal.close();
      throw error;
    }
  }
}
