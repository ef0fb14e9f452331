import { ModalClient, readProfiles } from "../client/index.ts";
import { AccountTarget } from "./accountTarget.ts";
import { LazyTarget } from "./lazyTarget.ts";

/**
 * The accounts of Modal's configuration file, used by reference: their tokens are read when they are needed, and not kept.
 *
 * @throws InvalidError the file cannot be read or is not what it should be
 */
export function profileAccounts(env: NodeJS.ProcessEnv = process.env): LazyTarget[] {
  const ofFile = withoutAccount(env);
  return readProfiles({ env: ofFile }).map(({ name }) => {
    const connect = async () => ModalClient.fromConfig({ profile: name, env: ofFile });
    return new LazyTarget(`profile:${name}`, name, async () => new AccountTarget(name, connect));
  });
}

/** Of Modal's variables only the place of the file counts here: the others would make all profiles the same account. */
function withoutAccount(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { MODAL_CONFIG_PATH } = env;
  const others = Object.entries(env).filter(([name]) => !name.startsWith("MODAL_"));
  return { ...Object.fromEntries(others), MODAL_CONFIG_PATH };
}
