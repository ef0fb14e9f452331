import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { defaultDataFolder } from "../targets/dataFolder.ts";
import { LocalTarget } from "../targets/localTarget.ts";
import { ProfileTarget } from "../targets/profileTarget.ts";
import type { Target } from "../targets/target.ts";
import { UsageError } from "./cliError.ts";
import { ExitCode } from "./exitCode.ts";
import { Output } from "./output.ts";

/** Options that every command takes, before or after its name. */
export interface CommonOptions {
  /** The data folder of the local engine. */
  readonly data?: string;
  /** A profile of Modal's configuration file; the local engine without one. */
  readonly profile?: string;
  readonly environment?: string;
  readonly verbose?: boolean;
}

/** What one run of a command works with. */
export class Session {
  /** Aborted when the user, or the reader of our output, wants no more. */
  readonly signal: AbortSignal;
  readonly output: Output;
  /** Where functions are called: the local engine, or the server of the profile that the user names. */
  readonly target: Target;
  /** What the process ends with, unless the command throws. */
  exitCode: number = ExitCode.ok;

  /** @throws UsageError the options contradict each other */
  constructor(signal: AbortSignal, options: CommonOptions) {
    this.signal = signal;
    this.output = new Output(signal);
    this.target = chosenTarget(options);
  }

  /**
   * The engine on this machine, for what only that can do.
   *
   * @throws UsageError the user names a profile
   */
  get localTarget(): LocalTarget {
    if (this.target instanceof LocalTarget) return this.target;
    throw new UsageError("This command is for the engine on this machine; leave out --profile.");
  }

  /** From now on, a local engine that dies is started again at once. Other servers are other people's business. */
  keepRunning(): void {
    if (this.target instanceof LocalTarget) this.target.keepRunning();
  }

  close(): void {
    this.target.close();
  }
}

function chosenTarget({ data, profile, environment }: CommonOptions): Target {
  if (profile !== undefined) {
    if (data !== undefined) throw new UsageError("Give --data or --profile, not both.");
    return new ProfileTarget(profile, environment);
  }
  const dataFolder = data === undefined ? defaultDataFolder() : resolve(data);
  return new LocalTarget({ dataFolder, enginePath: enginePath() }, environment);
}

/** The engine is built beside the command line, to which npm links from elsewhere. */
export function enginePath(): string {
  return join(dirname(realpathSync(process.argv[1] ?? ".")), "engine.cjs");
}
