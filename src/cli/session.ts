import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { LocalTarget } from "../targets/localTarget.ts";
import { ExitCode } from "./exitCode.ts";
import { Output } from "./output.ts";

/** What one run of a command works with. */
export class Session {
  /** Aborted when the user, or the reader of our output, wants no more. */
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly target: LocalTarget;
  /** What the process ends with, unless the command throws. */
  exitCode: number = ExitCode.ok;

  constructor(signal: AbortSignal, dataFolder: string) {
    this.signal = signal;
    this.output = new Output(signal);
    this.target = new LocalTarget({ dataFolder, enginePath: enginePath() });
  }

  close(): void {
    this.target.close();
  }
}

/** The engine is built beside the command line, to which npm links from elsewhere. */
export function enginePath(): string {
  return join(dirname(realpathSync(process.argv[1] ?? ".")), "engine.cjs");
}
