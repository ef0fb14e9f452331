import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { LogEntry } from "../../client/index.ts";
import type { LocalTarget } from "../localTarget.ts";
import { exitCode, started } from "./pythonProcess.ts";
import { answerRequests, FrameWriter } from "./requestFrames.ts";
import { RunRequests } from "./runRequests.ts";

/** A script, as `python script.py` runs it. */
interface ScriptStart {
  readonly kind: "script";
}

/** A local entrypoint, a function or a method of a file, in its app. */
interface EntrypointStart {
  readonly kind: "entrypoint";
  /** `main`, `Model.predict`; empty for the only one. */
  readonly name: string;
  /** The app goes on without this process, until its calls are finished. */
  readonly detach: boolean;
  /** Where the result goes, a text or bytes; empty for nowhere. */
  readonly resultPath: string;
}

/** What to run, and with what. */
export type PythonStart = (ScriptStart | EntrypointStart) & {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it. */
  readonly givenPath: string;
  /** Words of a command line. */
  readonly args: readonly string[];
};

/** How user code runs outside of containers. */
export interface RunPythonOptions {
  /** Absolute path of the interpreter, for this process and for containers. */
  readonly python: string;
  /** Interrupts the process, as Ctrl-C would. */
  readonly signal: AbortSignal;
  /** The terminal that this process has is Python's too, and sends Ctrl-C to both. */
  readonly sharesTerminal: boolean;
  /** Told what containers print. */
  onLog(entry: LogEntry): void;
  /** Told what the process itself prints. Default: it writes to this process's own stdout and stderr. */
  readonly onPrint?: ((source: "stdout" | "stderr", text: string) => void) | undefined;
}

const REQUESTS = 4;
const REPLIES = 3;

/**
 * Runs user code that may run apps (`app.run()`, local entrypoints) in a Python process, whose calls the engine answers. The apps
 * end with it.
 *
 * @returns the exit code of the process
 * @throws InterpreterError when it cannot be started
 */
export async function runPython(target: LocalTarget, start: PythonStart, options: RunPythonOptions): Promise<number> {
  await target.engine(); // Nothing of the user's runs where no engine can be had.
  const child = await startProcess(target, options);
  const requests = new RunRequests(target, options.python, options.onLog);
  try {
    const replies = new FrameWriter(child.stdio[REPLIES] as Writable);
    sendStart(replies, start);
    answerRequests(child.stdio[REQUESTS] as Readable, replies, requests);
    return await exitCode(child, options);
  } finally {
    await requests.close();
  }
}

async function startProcess(target: LocalTarget, { python, onPrint }: RunPythonOptions): Promise<ChildProcess> {
  const print = onPrint ? "pipe" : "inherit";
  const environment: NodeJS.ProcessEnv = { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONUTF8: "1" };
  // Set by VS Code for its own children; in the user's it would turn `code` and Electron programs into plain Node.
  delete environment.ELECTRON_RUN_AS_NODE;
  const script = join(dirname(target.enginePath), "python", "run.py");
  const child = spawn(python, [script], {
    env: environment,
    stdio: [onPrint ? "ignore" : "inherit", print, print, "pipe", "pipe"],
    windowsHide: true,
  });
  for (const stream of child.stdio) stream?.on("error", () => {}); // Ends with the process, which tells.
  child.stdout?.setEncoding("utf8").on("data", (text: string) => onPrint?.("stdout", text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => onPrint?.("stderr", text));
  await started(child, python);
  return child;
}

function sendStart(replies: FrameWriter, start: PythonStart): void {
  const { givenPath, ...rest } = start;
  const { resultPath = "", ...message } = { resultPath: "", ...rest };
  replies.write({ ...message, given_path: givenPath, result_path: resultPath }, new Uint8Array());
}
