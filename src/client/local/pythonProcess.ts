import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { encodeFrame, type Frame, FrameReader } from "../../proto/frames.ts";
import { endReason } from "../../proto/processEnd.ts";
import { InternalFailure, InvalidError } from "../errors.ts";

/** A piece of what a function printed. */
export interface LocalLog {
  readonly source: "stdout" | "stderr";
  readonly text: string;
}

/** How a function runs outside of any server. */
export interface LocalOptions {
  /** The interpreter. Default: the one that the function was deployed or made with, else `python3`. */
  readonly python?: string;
  /** Ends the process, and with it the call. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the function prints. Default: all of it goes to this process's stderr. */
  readonly onLog?: (log: LocalLog) => void;
  /** Where Spawnpoint's own Python files are. Default: the folder `python` beside the library's bundle. */
  readonly pythonFolder?: string;
}

/** One process: what it runs with, and what it is asked. */
export interface PythonTask extends LocalOptions {
  readonly python: string;
  /** The user's file; the process runs in its folder. */
  readonly path: string;
  readonly request: object;
  readonly payload: Uint8Array;
}

const REQUEST = 3;
const ANSWERS = 4;
/** How long user code may clean up when the call is ended. */
const KILL_AFTER_MS = 2_000;

/**
 * Runs our Python script `local.py` once and yields its answers: items as they come, and last, when the process has ended, its final
 * answer. Leaving the loop, or aborting, interrupts the process as Ctrl-C would, and kills it when that does not help.
 *
 * @throws InvalidError when the process cannot be started
 * @throws InternalFailure when it ended without a final answer
 */
export async function* pythonAnswers(task: PythonTask): AsyncGenerator<Frame, void, undefined> {
  const { signal, onLog = printToStderr } = task;
  signal?.throwIfAborted();
  const child = await start(task);
  const ended = endOf(child);
  const interrupt = () => interruptProcess(child);
  signal?.addEventListener("abort", interrupt);
  if (signal?.aborted) interrupt(); // Since the process was started.
  let final: Frame | undefined;
  try {
    forwardPrints(child, onLog);
    for await (const frame of framesOf(child.stdio[ANSWERS] as Readable)) {
      signal?.throwIfAborted();
      if (frame.header.type === "log") onLog(logOf(frame));
      else if (frame.header.type === "item") yield frame;
      else final = frame;
    }
  } finally {
    if (!final) interrupt();
    await ended;
    signal?.removeEventListener("abort", interrupt);
  }
  signal?.throwIfAborted();
  if (!final)
    throw new InternalFailure(`The Python process ${await ended} before the function did; look at what it printed.`);
  yield final;
}

async function start({ python, path, request, payload, pythonFolder }: PythonTask): Promise<ChildProcess> {
  const script = join(pythonFolder ?? bundledPython(), "local.py");
  const child = spawn(python, [script], {
    cwd: existingFolder(dirname(path)),
    env: pythonEnvironment(),
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  for (const stream of child.stdio) stream?.on("error", () => {}); // Ends with the process, which tells.
  if (child.pid === undefined) {
    const [cause] = (await once(child, "error")) as [Error];
    throw new InvalidError(`${python} cannot be started; name another interpreter with the option python.`, { cause });
  }
  (child.stdio[REQUEST] as Writable).end(Buffer.concat(encodeFrame(request, [payload])));
  return child;
}

/** Beside the bundle. Run from source there is no such place, and the option names it. */
function bundledPython(): string {
  const folder = typeof __dirname === "string" ? join(__dirname, "python") : "";
  if (existsSync(join(folder, "local.py"))) return folder;
  throw new InvalidError("Spawnpoint's Python files are not beside its bundle; name their folder with pythonFolder.");
}

/** @throws InvalidError when it is not there: Node.js would say that the interpreter is missing */
function existingFolder(folder: string): string {
  if (existsSync(folder)) return folder;
  throw new InvalidError(`There is no folder ${folder}; check the path of the function's file.`);
}

/** This process's own, with nothing in it that would change how our side starts. */
function pythonEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONUTF8: "1" };
  // Set by VS Code for its own children; in the user's it would turn `code` and Electron programs into plain Node.
  delete environment.ELECTRON_RUN_AS_NODE;
  return environment;
}

async function* framesOf(answers: Readable): AsyncGenerator<Frame> {
  const reader = new FrameReader();
  for await (const chunk of answers) yield* reader.read(chunk as Buffer);
}

/** What Python prints comes as frames; these are for the processes that user code starts, and for crashes. */
function forwardPrints({ stdout, stderr }: ChildProcess, onLog: (log: LocalLog) => void): void {
  stdout?.setEncoding("utf8").on("data", (text: string) => onLog({ source: "stdout", text }));
  stderr?.setEncoding("utf8").on("data", (text: string) => onLog({ source: "stderr", text }));
}

function logOf({ header, payload }: Frame): LocalLog {
  return { source: header.fd === 1 ? "stdout" : "stderr", text: Buffer.from(payload).toString("utf8") };
}

function printToStderr({ text }: LocalLog): void {
  process.stderr.write(text);
}

/** Resolves with how the process ended, when all that it printed was read. */
async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("exit", (...end) => resolve(end));
  });
  // A process that user code left behind may hold the streams open for ever. What was printed before is read within one turn.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  child.stdout?.destroy();
  child.stderr?.destroy();
  return endReason(code, signal);
}

function interruptProcess(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  child.once("exit", () => clearTimeout(timer));
}
