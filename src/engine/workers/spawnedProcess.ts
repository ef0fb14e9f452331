import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { endReason } from "../../proto/processEnd.ts";
import { type FramedProcess, PIPES_AFTER_EXIT_MS } from "./containerProcess.ts";
import { hasGroups, killTree } from "./processTree.ts";
import { type PythonFolders, pythonEnvironment, scriptPath, workingFolder } from "./pythonEnvironment.ts";
import type { WorkerLaunch } from "./worker.ts";

/** What a process runs, where and with what. */
export interface Program {
  /** Interpreter. */
  readonly python: string;
  /** A Python file of ours. */
  readonly script: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export function workerProgram(folders: PythonFolders, launch: WorkerLaunch): Program {
  return {
    python: launch.python,
    script: scriptPath(folders, "worker.py"),
    folder: workingFolder(launch.workingFolder, folders.scripts),
    environment: pythonEnvironment(folders),
  };
}

/** File descriptors of the child. */
const TO_WORKER = 3;
const FROM_WORKER = 4;

/** A container that starts from nothing: a Python process. The pipes to and from it end with the engine. */
export class SpawnedProcess implements FramedProcess {
  readonly #process: ChildProcess;
  readonly #python: string;

  /** @throws when the machine has no room for another process, or no file descriptors for its pipes */
  constructor({ python, script, folder, environment }: Program) {
    this.#python = python;
    this.#process = spawn(python, ["-u", script], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      // A process group of its own: Ctrl-C at the engine's terminal is the engine's to handle, and kill() reaches grandchildren.
      detached: hasGroups(),
      windowsHide: true,
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get toWorker(): Writable {
    return this.#process.stdio[TO_WORKER] as Writable;
  }

  get fromWorker(): Readable {
    return this.#process.stdio[FROM_WORKER] as Readable;
  }

  get stdout(): Readable | null {
    return this.#process.stdout;
  }

  get stderr(): Readable | null {
    return this.#process.stderr;
  }

  kill(): void {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    if (this.#process.pid !== undefined) killTree(this.#process.pid);
  }

  onGone(listener: (reason: string) => void): void {
    let startError: Error | undefined;
    let told = false;
    const tell = (reason: string) => {
      if (told) return;
      told = true;
      listener(reason);
    };
    this.#process.on("error", (error) => {
      startError = error;
      // No process, no `close`: nothing else would tell.
      if (this.#process.pid === undefined) tell(`could not be started as ${this.#python} (${error.message})`);
    });
    // `close` comes after the pipes are read to their end, so no output that was written is lost.
    this.#process.on("close", (code, signal) =>
      tell(startError ? `failed (${startError.message})` : endReason(code, signal)),
    );
    this.#process.on("exit", () => {
      // What user code started ends with its container. On Windows the dead leader's id tells no longer what that was.
      if (hasGroups() && this.#process.pid !== undefined) killTree(this.#process.pid);
      setTimeout(() => {
        for (const stream of this.#process.stdio) stream?.destroy(); // Otherwise `close` might never come.
      }, PIPES_AFTER_EXIT_MS).unref();
    });
  }
}
