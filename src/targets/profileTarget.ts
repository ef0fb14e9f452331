import { type ConfigOptions, ModalClient } from "../client/index.ts";
import type { Target } from "./target.ts";

/** The server that a profile of Modal's configuration file names: Modal's cloud, if it names none. */
export class ProfileTarget implements Target {
  readonly name: string;
  readonly #options: ConfigOptions;
  #modal: ModalClient | undefined;

  /** @param environmentName default: `MODAL_ENVIRONMENT`, else the profile's own */
  constructor(profile: string, environmentName?: string) {
    this.name = profile;
    this.#options = { profile, environment: environmentName };
  }

  /**
   * @throws InvalidError the configuration file or a setting is wrong
   * @throws AuthError there is no such profile, or no token in it
   */
  async modal(): Promise<ModalClient> {
    this.#modal ??= ModalClient.fromConfig(this.#options);
    return this.#modal;
  }

  close(): void {
    this.#modal?.close();
    this.#modal = undefined;
  }
}
