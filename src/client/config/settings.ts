import { InvalidError } from "../errors.ts";
import type { Env, ProfileKeys } from "./configFile.ts";

/** Modal's cloud: the second server takes over when the first cannot be reached. Both are in Modal's Python SDK. */
export const DEFAULT_SERVER_URL = "https://api.modal.com,https://api.modal2.com";

/** Names in gRPC metadata; a name in `-bin` would need bytes. */
const HEADER_NAME = /^[0-9a-z_.-]+(?<!-bin)$/;
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * Modal's settings by key, e.g. `server_url`. The variable `MODAL_SERVER_URL` wins over the profile when it exists at all, even
 * empty. Every method returns undefined for what is nowhere set, and throws an InvalidError that says where a bad value stands, but
 * not the value: it may be a secret.
 */
export class Settings {
  readonly #keys: ProfileKeys;
  readonly #env: Env;
  /** For messages, e.g. `profile "default" of /home/me/.modal.toml`. */
  readonly #profile: string;

  constructor(env: Env, keys: ProfileKeys, profile: string) {
    this.#env = env;
    this.#keys = keys;
    this.#profile = profile;
  }

  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.#invalid(key, "a text in quotes");
  }

  /** `0`, `false` and nothing are false, everything else is true; so Modal's Python SDK has it. */
  flag(key: string): boolean | undefined {
    const value = this.#value(key);
    return value === undefined ? undefined : !["", "0", "false"].includes(String(value).toLowerCase());
  }

  /** Whole seconds, in milliseconds. An empty text is the same as nothing. */
  secondsAsMs(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined || value === "") return undefined;
    if (!/^\d+$/.test(String(value))) throw this.#invalid(key, "a whole number of seconds");
    return Number(value) * 1_000;
  }

  /** `name:value,name:value`; white space around names and values does not count. */
  headers(key: string): Record<string, string> | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const headers: Record<string, string> = {};
    for (const pair of text === "" ? [] : text.split(",")) {
      const [name, ...rest] = pair.split(":");
      const value = rest.join(":").trim();
      const lowerCaseName = name?.trim().toLowerCase() ?? "";
      if (!HEADER_NAME.test(lowerCaseName) || !HEADER_VALUE.test(value)) {
        throw this.#invalid(key, "a list like name:value,name:value of plain letters");
      }
      headers[lowerCaseName] = value;
    }
    return headers;
  }

  #value(key: string): unknown {
    return this.#env[variableOf(key)] ?? this.#keys[key];
  }

  #invalid(key: string, expected: string): InvalidError {
    const variable = variableOf(key);
    const place =
      this.#env[variable] === undefined ? `"${key}" in ${this.#profile}` : `The environment variable ${variable}`;
    return new InvalidError(`${place} must be ${expected}; correct it there.`);
  }
}

function variableOf(key: string): string {
  return `MODAL_${key.toUpperCase()}`;
}
