import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TargetError } from "./targetError.ts";
import type { TargetPlace } from "./targetList.ts";
import type { Token } from "./tokenAccounts.ts";

/** A run of a program: what a task of VS Code needs to know. */
export interface ModalCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the variables that are there anyway. */
  readonly env: Readonly<Record<string, string>>;
}

const HAS_MODAL = "import importlib.util, sys; sys.exit(0 if importlib.util.find_spec('modal.cli') else 3)";

/**
 * How a file is deployed to an account: by the `modal` command line of the user's own interpreter, which builds images and uploads
 * code as Modal wants it. Secrets travel in variables, never in arguments.
 *
 * @param token of an account whose token was typed by hand
 */
export function deployCommand(
  python: string,
  path: string,
  place: TargetPlace,
  token: Token | undefined,
): ModalCommand {
  return modalCommand(python, "deploy", [path], place, token);
}

/**
 * How a local entrypoint of a file is run, in its app on an account.
 *
 * @param words what the entrypoint is given, as words of a command line
 * @param token of an account whose token was typed by hand
 */
export function runCommand(
  python: string,
  { path, name, words }: { readonly path: string; readonly name: string; readonly words: readonly string[] },
  place: TargetPlace,
  token: Token | undefined,
): ModalCommand {
  return modalCommand(python, "run", [`${path}::${name}`, ...words], place, token);
}

function modalCommand(
  python: string,
  subcommand: "deploy" | "run",
  args: readonly string[],
  { targetId, environmentName }: TargetPlace,
  token: Token | undefined,
): ModalCommand {
  const environment = environmentName === "" ? [] : ["--env", environmentName];
  return {
    command: python,
    args: ["-m", "modal", subcommand, ...environment, ...args],
    env: token ? tokenVariables(token) : profileVariables(targetId),
  };
}

/**
 * @throws TargetError the interpreter lacks Modal's package: which one, and what to do
 */
export async function checkModalPackage(python: string): Promise<void> {
  try {
    await promisify(execFile)(python, ["-c", HAS_MODAL]);
  } catch (cause) {
    const advice = `run "${python} -m pip install modal" in a terminal, or choose another interpreter`;
    throw new TargetError(`${python} has no package "modal", which deploys to Modal; ${advice}.`, { cause });
  }
}

function tokenVariables({ tokenId, tokenSecret, url }: Token): Record<string, string> {
  const [server = ""] = url.split(",");
  return { MODAL_TOKEN_ID: tokenId, MODAL_TOKEN_SECRET: tokenSecret, MODAL_SERVER_URL: server.trim() };
}

function profileVariables(targetId: string): Record<string, string> {
  const prefix = "profile:";
  return targetId.startsWith(prefix) ? { MODAL_PROFILE: targetId.slice(prefix.length) } : {};
}
