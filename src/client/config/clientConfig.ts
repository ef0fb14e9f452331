import type { ConnectionOptions } from "../connection/connection.ts";
import { AuthError } from "../errors.ts";
import { type ConfigFile, type ConfigSource, readConfigFile } from "./configFile.ts";
import { chooseProfile } from "./profiles.ts";
import { DEFAULT_SERVER_URL, Settings } from "./settings.ts";

/** What `ModalClient.fromConfig` may be told. */
export interface ConfigOptions extends ConfigSource {
  /** A profile of the configuration file. Default: `MODAL_PROFILE`, else the active one. */
  readonly profile?: string | undefined;
  /** The environment. Default: `MODAL_ENVIRONMENT`, else the profile's, else the workspace's. */
  readonly environment?: string | undefined;
}

/** A connection as the user has configured it. */
export interface ClientConfig extends ConnectionOptions {
  readonly environmentName: string;
}

/**
 * Reads how to reach Modal and as whom, by the rules of Modal's Python SDK: what the caller says, else the environment variable,
 * else the profile's key, else the default.
 *
 * @throws InvalidError the file or a value is wrong, or it is not clear which profile is meant
 * @throws AuthError there is no token
 */
export function readClientConfig({ profile, environment, ...source }: ConfigOptions): ClientConfig {
  const { env = process.env } = source;
  const file = readConfigFile(source);
  const name = chooseProfile(file, env, profile);
  const settings = new Settings(env, file.profiles.get(name) ?? {}, `profile "${name}" of ${file.path}`);
  const tokenId = settings.text("token_id");
  const tokenSecret = settings.text("token_secret");
  if (!tokenId || !tokenSecret) throw noToken(file, name);
  return {
    url: settings.text("server_url") ?? DEFAULT_SERVER_URL,
    tokenId,
    tokenSecret,
    environmentName: environment ?? settings.text("environment") ?? "",
    useProxy: !settings.flag("disable_api_proxy"),
    headers: settings.headers("override_headers") ?? {},
    maxThrottleWaitMs: settings.secondsAsMs("max_throttle_wait"),
  };
}

function noToken({ path, profiles }: ConfigFile, profile: string): AuthError {
  const names = [...profiles.keys()].map((name) => `"${name}"`).join(", ");
  const others = names && ` (there is ${names})`;
  const problem = profiles.has(profile)
    ? `Profile "${profile}" of ${path} has no Modal token`
    : `There is no Modal token: ${path} has no profile "${profile}"${others}`;
  return new AuthError(
    `${problem}; run "modal token new" in a terminal, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET together.`,
  );
}
