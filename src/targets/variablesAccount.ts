import { ModalClient } from "../client/index.ts";
import { AccountTarget } from "./accountTarget.ts";
import { LazyTarget } from "./lazyTarget.ts";

const NAME = "environment variables";

/** The account that `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET` name, where they are set, as in Codespaces and in CI. */
export function variablesAccount(env: NodeJS.ProcessEnv = process.env): LazyTarget[] {
  if (!env.MODAL_TOKEN_ID || !env.MODAL_TOKEN_SECRET) return [];
  const connect = async () => ModalClient.fromConfig({ env });
  return [new LazyTarget("variables", NAME, async () => new AccountTarget(NAME, connect))];
}
