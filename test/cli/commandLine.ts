import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { findEngine } from "../../src/targets/engineProcess.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  /** Resolves with all of stdout when it has this text. */
  readonly printed: (part: string) => Promise<string>;
  readonly write: (text: string) => void;
  readonly endInput: () => void;
  readonly stopReading: () => void;
  readonly interrupt: () => void;
  /** As `kill -9` does. */
  readonly kill: () => void;
  readonly outcome: Promise<Outcome>;
}

/** The command line as it is shipped, built into a folder of its own, with a data folder of its own. */
export class CommandLine implements AsyncDisposable {
  readonly folder: string;
  readonly dataFolder: string;
  /** Variables that commands get besides those of the tests. */
  readonly env: Record<string, string> = {};
  /** What runs the commands, and with them the engine. */
  node = process.execPath;

  private constructor(folder: string) {
    this.folder = folder;
    this.dataFolder = join(folder, "data");
  }

  static async build(): Promise<CommandLine> {
    const folder = await mkdtemp(join(tmpdir(), "spawnpoint-cli-"));
    const entryPoints = { cli: join(ROOT, "src/cli/main.ts"), engine: join(ROOT, "src/engine/main.ts") };
    const output = { outdir: join(folder, "dist"), outExtension: { ".js": ".cjs" } };
    await build({ entryPoints, ...output, bundle: true, platform: "node", format: "cjs", target: "node22" });
    await cp(join(ROOT, "src/python"), join(folder, "dist", "python"), { recursive: true });
    return new CommandLine(folder);
  }

  /** Writes a file and returns its path. */
  async file(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], stdin = ""): Promise<Outcome> {
    return this.start(args, stdin).outcome;
  }

  /** Starts a command. `null` as stdin leaves it open. */
  start(args: readonly string[], stdin: string | null = ""): Running {
    const command = spawn(this.node, [join(this.folder, "dist", "cli.cjs"), ...args], {
      cwd: this.folder,
      env: { ...process.env, SPAWNPOINT_HOME: this.dataFolder, ...this.env },
    });
    if (stdin !== null) command.stdin.end(stdin);
    let printed = "";
    command.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    const stderr = text(command.stderr);
    const outcome = once(command, "close").then(async ([code]) => ({ code, stdout: printed, stderr: await stderr }));
    return {
      outcome,
      write: (text) => command.stdin.write(text),
      endInput: () => command.stdin.end(),
      stopReading: () => command.stdout.destroy(),
      interrupt: () => command.kill("SIGINT"),
      kill: () => command.kill("SIGKILL"),
      printed: async (part) => {
        while (!printed.includes(part)) {
          await Promise.race([once(command.stdout, "data"), outcome.then(failWithout(part))]);
        }
        return printed;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const address = await findEngine(this.dataFolder);
    if (address) process.kill(address.pid, "SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function failWithout(part: string): (outcome: Outcome) => never {
  return ({ code, stdout, stderr }) => {
    throw new Error(`The command ended with ${code} and did not print ${part}: ${stdout}${stderr}`);
  };
}
