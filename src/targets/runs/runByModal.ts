import { spawn } from "node:child_process";
import type { RuntimeName } from "../../proto/runtimes.ts";
import type { LocalTarget } from "../localTarget.ts";
import { runVariables, runWords } from "../modalCommand.ts";
import { exitCode, started } from "./pythonProcess.ts";
import type { PythonStart, RunPythonOptions } from "./runPython.ts";

/** The environment that the engine takes where none is named; a profile of the user's may name another one. */
const DEFAULT_ENVIRONMENT = "main";

/**
 * Runs user code that may run apps by Modal's own package: a script, or what `modal run` runs. What it prints goes to this process's own
 * stdout and stderr.
 *
 * @returns the exit code of the process; undefined when the engine chooses the built-in runtime: nothing has run then
 * @throws TargetError when it must be Modal's package, and the interpreter does not have it
 */
export async function runByModal(
  target: LocalTarget,
  start: PythonStart,
  runtime: RuntimeName,
  options: Pick<RunPythonOptions, "python" | "signal" | "sharesTerminal">,
): Promise<number | undefined> {
  const { python } = options;
  const engine = await target.engine();
  const { address } = await target.running();
  return engine.withClient({ path: start.path, python, runtime }, async (token) => {
    if (!token) return undefined;
    const environmentName = target.environmentName || DEFAULT_ENVIRONMENT;
    const child = spawn(python, wordsOf(start), {
      env: { ...ownVariables(), ...runVariables({ ...token, url: address.url }, environmentName) },
      stdio: "inherit",
      windowsHide: true,
    });
    await started(child, python);
    return exitCode(child, options);
  });
}

function wordsOf(start: PythonStart): string[] {
  if (start.kind === "script") return [start.givenPath, ...start.args];
  const { detach, resultPath, givenPath, name, args } = start;
  const options = [...(detach ? ["--detach"] : []), ...(resultPath ? ["--write-result", resultPath] : [])];
  return runWords(options, { path: givenPath, name, words: args });
}

/** Without what the user's environment says of other servers, and what VS Code sets for its own children. */
function ownVariables(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...variables } = process.env;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("MODAL_")));
}
