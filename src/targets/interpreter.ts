import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { InterpreterError } from "./targetError.ts";

/** A Python that can run the user's functions. */
export interface Interpreter {
  /** Absolute path of the executable. */
  readonly path: string;
  /** E.g. `3.12.4`. */
  readonly version: string;
  /** What chose it, for the user: an option or setting, an environment variable, a folder, or `PATH`. */
  readonly source: string;
}

/** Where to look for an interpreter. */
export interface InterpreterSearch {
  /** What the user named, as a path or a command, and where: `--python`, a setting. Nothing else is tried then. */
  readonly explicit?: { readonly command: string; readonly source: string } | undefined;
  /** The folder of the file to run. Its virtual environment counts, and those of the folders above it. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  readonly source: string;
}

const OLDEST = [3, 9] as const;
const PROBE = "import json, sys; print(json.dumps([sys.executable, list(sys.version_info[:3])]))";
const PROBE_TIMEOUT_MS = 20_000;

/**
 * Finds the Python that a person at a terminal in that folder would expect: what they named, the environment that is
 * activated, a `.venv` or `venv` beside the file or above it, then what `PATH` has. It was run once to be sure.
 * What the user chose is never passed over silently: when it does not work, that is the error.
 *
 * @throws InterpreterError one sentence that says what to do
 */
export async function resolveInterpreter(search: InterpreterSearch): Promise<Interpreter> {
  const { env = process.env, platform = process.platform } = search;
  const chosen = chosenByUser(search, env, platform) ?? (await nearestEnvironment(resolve(search.folder), platform));
  if (chosen) return probed(chosen);
  for (const candidate of onPath(platform)) {
    try {
      return await probed(candidate);
    } catch {
      // Not there, or too old: the next may do.
    }
  }
  throw new InterpreterError(
    `No Python ${OLDEST.join(".")} or newer was found; install one, or name one by the setting spawnpoint.pythonPath, --python or SPAWNPOINT_PYTHON.`,
  );
}

function chosenByUser(
  { explicit }: InterpreterSearch,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Candidate | undefined {
  if (explicit) return { ...explicit, args: [] };
  if (env.SPAWNPOINT_PYTHON) return { command: env.SPAWNPOINT_PYTHON, args: [], source: "SPAWNPOINT_PYTHON" };
  if (env.VIRTUAL_ENV) {
    return { command: environmentPython(env.VIRTUAL_ENV, platform), args: [], source: "VIRTUAL_ENV" };
  }
  return undefined;
}

async function nearestEnvironment(folder: string, platform: NodeJS.Platform): Promise<Candidate | undefined> {
  for (const name of [".venv", "venv"]) {
    const path = join(folder, name);
    if (await isTrustedEnvironment(path)) return { command: environmentPython(path, platform), args: [], source: path };
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestEnvironment(parent, platform);
}

/** A folder above may be anybody's, such as `/tmp`: somebody else's environment is not run. */
async function isTrustedEnvironment(path: string): Promise<boolean> {
  try {
    const { uid } = await stat(join(path, "pyvenv.cfg"));
    return process.getuid === undefined || uid === 0 || uid === process.getuid();
  } catch {
    return false; // It is not there, or not readable: no environment of ours.
  }
}

function environmentPython(environment: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

function onPath(platform: NodeJS.Platform): Candidate[] {
  const commands = [["python3"], ["python"], ...(platform === "win32" ? [["py", "-3"]] : [])];
  return commands.map(([command = "", ...args]) => ({ command, args, source: "PATH" }));
}

const probes = new Map<string, Promise<Interpreter>>();

/** Runs the candidate once in the life of this process; a failure is tried again. */
function probed(candidate: Candidate): Promise<Interpreter> {
  const key = JSON.stringify([candidate, process.env.PATH]);
  let probe = probes.get(key);
  if (probe === undefined) {
    probe = runProbe(candidate);
    probes.set(key, probe);
    probe.catch(() => probes.delete(key));
  }
  return probe;
}

async function runProbe({ command, args, source }: Candidate): Promise<Interpreter> {
  const named = `The Python ${command} (from ${source})`;
  let executable: string;
  let version: number[];
  try {
    const { stdout } = await promisify(execFile)(command, [...args, "-I", "-c", PROBE], { timeout: PROBE_TIMEOUT_MS });
    [executable, version] = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as [string, number[]];
  } catch (error) {
    throw new InterpreterError(`${named} cannot be run; name another, or mend it.`, { cause: error });
  }
  const [major = 0, minor = 0] = version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new InterpreterError(
      `${named} is ${version.join(".")}, and ${OLDEST.join(".")} or newer is needed; name another.`,
    );
  }
  return { path: executable, version: version.join("."), source };
}
