import { spawn } from "node:child_process";
import { constants } from "node:os";

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  /** Exit code; 128 + N after signal N, as a shell says it. */
  readonly code: number;
  /** What the command printed, stdout and stderr as they came. */
  readonly output: string;
}

/**
 * Runs a command to its end and keeps what it prints.
 *
 * @throws Error the command could not be started
 */
export function tryCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => output.push(text));
    }
    child.on("error", (cause) => reject(new Error(`${command} could not be started.`, { cause })));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), output: output.join("") }),
    );
  });
}

/**
 * Runs a command that must succeed, and returns what it printed.
 *
 * @throws Error the command failed; the message holds what it printed
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, output } = await tryCommand(command, args, options);
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with exit code ${code}:\n${output}`);
  return output;
}
