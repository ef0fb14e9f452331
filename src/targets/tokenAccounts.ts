import { ModalClient } from "../client/index.ts";
import { AccountTarget } from "./accountTarget.ts";
import { LazyTarget } from "./lazyTarget.ts";

/** A place for secrets. VS Code's `SecretStorage` has this shape. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** A token that was typed by hand. */
export interface Token {
  readonly tokenId: string;
  readonly tokenSecret: string;
  /** The server, or several with commas between them. */
  readonly url: string;
}

/** All of them are one secret, so that their names cannot get apart from them. */
const KEY = "spawnpoint.tokens";

/** Accounts by tokens that were typed by hand, each under the name of its workspace. Nothing of them is written anywhere else. */
export class TokenAccounts {
  readonly #secrets: SecretStore;

  constructor(secrets: SecretStore) {
    this.#secrets = secrets;
  }

  async targets(): Promise<LazyTarget[]> {
    return Object.keys(await this.#tokens()).map((name) => {
      const connect = async () => {
        const token = (await this.#tokens())[name];
        if (!token) throw new Error(`The token of "${name}" is gone; sign in again.`);
        return new ModalClient(token);
      };
      return new LazyTarget(`token:${name}`, name, async () => new AccountTarget(name, connect));
    });
  }

  /** The token of an account. */
  async token(name: string): Promise<Token | undefined> {
    return (await this.#tokens())[name];
  }

  /**
   * Asks the server whose token it is, and keeps it when it is good.
   *
   * @returns the name of its workspace
   * @throws AuthError the server refuses it
   * @throws ConnectionError the server does not answer
   */
  async add(token: Token): Promise<string> {
    const modal = new ModalClient(token);
    try {
      const name = await modal.workspace.name();
      await this.#write({ ...(await this.#tokens()), [name]: token });
      return name;
    } finally {
      modal.close();
    }
  }

  /** Forgets a token. */
  async remove(name: string): Promise<void> {
    const { [name]: _, ...others } = await this.#tokens();
    await this.#write(others);
  }

  async #tokens(): Promise<Readonly<Record<string, Token>>> {
    return JSON.parse((await this.#secrets.get(KEY)) ?? "{}");
  }

  async #write(tokens: Readonly<Record<string, Token>>): Promise<void> {
    if (Object.keys(tokens).length === 0) await this.#secrets.delete(KEY);
    else await this.#secrets.store(KEY, JSON.stringify(tokens));
  }
}
