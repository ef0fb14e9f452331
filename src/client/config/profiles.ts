import { InvalidError } from "../errors.ts";
import { type ConfigFile, type ConfigSource, type Env, readConfigFile } from "./configFile.ts";
import { DEFAULT_SERVER_URL } from "./settings.ts";

/** A profile of the configuration file, without its secrets. */
export interface Profile {
  /** The name to give to `ModalClient.fromConfig`. Usually the name of a workspace. */
  readonly name: string;
  /** Whether the file says that it is the one to use. */
  readonly isActive: boolean;
  /** Its server, or several with commas between them. */
  readonly url: string;
  /** Whether it has a token id and a token secret. */
  readonly hasToken: boolean;
  /** The environment that it asks for; undefined for the workspace's own default. */
  readonly environmentName: string | undefined;
}

/** Name and password before the host of a URL. They mean nothing to Modal, but would be secrets. */
const USER_INFO = /(?<=:\/\/)[^/@,]*@/g;

/** The name that stands for "no profile was chosen", as in Modal's Python SDK. */
const DEFAULT_PROFILE = "default";

/**
 * The profiles of the configuration file, in its order; empty when there is no file.
 *
 * @throws InvalidError the file cannot be read or is not what it should be
 */
export function readProfiles(source: ConfigSource = {}): Profile[] {
  return [...readConfigFile(source).profiles].map(([name, keys]) => ({
    name,
    isActive: keys.active === true,
    url: typeof keys.server_url === "string" ? keys.server_url.replace(USER_INFO, "") : DEFAULT_SERVER_URL,
    hasToken: Boolean(keys.token_id && keys.token_secret),
    environmentName: typeof keys.environment === "string" ? keys.environment : undefined,
  }));
}

/**
 * The name of the profile to use: the one asked for, else `MODAL_PROFILE`, else the active one, else `default`. Those are the rules
 * of Modal's Python SDK (`py/modal/config.py`), where an empty `MODAL_PROFILE` is none.
 *
 * @throws InvalidError several are active, or none of several is
 */
export function chooseProfile({ path, profiles }: ConfigFile, env: Env, wanted: string | undefined): string {
  const active = [...profiles].filter(([, keys]) => keys.active === true).map(([name]) => name);
  const name = wanted || env.MODAL_PROFILE || active[0] || DEFAULT_PROFILE;
  if (active.length > 1) {
    throw new InvalidError(
      `More than one Modal profile is active in ${path} (${active.join(", ")}); choose one with "modal profile activate".`,
    );
  }
  if (profiles.size > 1 && active.length === 0 && name === DEFAULT_PROFILE) {
    throw new InvalidError(
      `None of the Modal profiles in ${path} (${[...profiles.keys()].join(", ")}) is active; choose one with "modal profile activate".`,
    );
  }
  return name;
}
