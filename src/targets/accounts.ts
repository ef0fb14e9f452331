import type { LazyTarget } from "./lazyTarget.ts";
import { profileAccounts } from "./profileAccounts.ts";
import { type SecretStore, TokenAccounts } from "./tokenAccounts.ts";
import { variablesAccount } from "./variablesAccount.ts";

/**
 * Every account that the user has on this machine: the profiles of Modal's configuration file, that of the environment variables, and
 * tokens that were typed by hand.
 *
 * @throws InvalidError the configuration file cannot be read or is not what it should be
 */
export async function readAccounts(secrets: SecretStore): Promise<LazyTarget[]> {
  return [...variablesAccount(), ...profileAccounts(), ...(await new TokenAccounts(secrets).targets())];
}
