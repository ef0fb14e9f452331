import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

/**
 * Leaves it to a child process when this one ends. On a terminal, Ctrl-C goes to both alike: it must not arrive there twice.
 */
export function passOnSignals(child: ChildProcess): void {
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, () => child.kill(name));
}

/**
 * Waits for a child process. One that a signal has ended has the exit code that shells give it.
 *
 * @throws Error it could not be started
 */
export async function exitCodeOfChild(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal ?? "SIGTERM"];
}
