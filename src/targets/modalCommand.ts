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

const MODAL = ["-m", "modal"];
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
  return modalCommand(python, ["deploy", ...environmentOption(place), path], place, token);
}

/**
 * How a local entrypoint of a file is run, in its app on an account.
 *
 * @param token of an account whose token was typed by hand
 */
export function runCommand(
  python: string,
  entrypoint: Runnable,
  place: TargetPlace,
  token: Token | undefined,
): ModalCommand {
  return { ...modalCommand(python, [], place, token), args: runWords(environmentOption(place), entrypoint) };
}

/** Something of a file that `modal run` runs. */
interface Runnable {
  readonly path: string;
  /** `main`, `Model.predict`; empty for the only one. */
  readonly name: string;
  /** What it is given, as words of a command line. */
  readonly words: readonly string[];
}

/** What an interpreter is told to run by Modal's command line. */
export function runWords(options: readonly string[], { path, name, words }: Runnable): string[] {
  return [...MODAL, "run", ...options, name ? `${path}::${name}` : path, ...words];
}

/** The variables by which Modal's package finds a server, and an environment there. */
export function runVariables(token: Token, environmentName: string): Record<string, string> {
  return { ...tokenVariables(token), MODAL_ENVIRONMENT: environmentName };
}

function environmentOption({ environmentName }: TargetPlace): string[] {
  return environmentName === "" ? [] : ["--env", environmentName];
}

function modalCommand(
  python: string,
  args: readonly string[],
  { targetId }: TargetPlace,
  token: Token | undefined,
): ModalCommand {
  return {
    command: python,
    args: [...MODAL, ...args],
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
