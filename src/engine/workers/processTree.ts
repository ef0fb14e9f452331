import { execFile } from "node:child_process";
import { win32 } from "node:path";

/** What ends processes, as the platform has it. */
export interface ProcessSystem {
  readonly platform: NodeJS.Platform;
  /** Where Windows is; undefined elsewhere. */
  readonly windowsFolder: string | undefined;
  /** @param pid negative for a whole group */
  kill(pid: number, signal: "SIGKILL"): void;
  /** Runs a program; `onFailure` is called when it cannot be started or fails. */
  run(command: string, args: readonly string[], onFailure: () => void): void;
}

const OURS: ProcessSystem = {
  platform: process.platform,
  windowsFolder: process.env.SystemRoot,
  kill: (pid, signal) => process.kill(pid, signal),
  run: (command, args, onFailure) =>
    execFile(command, args, { windowsHide: true }, (error) => {
      if (error) onFailure();
    }),
};

/** Whether a process can lead a group, to which what it starts belongs, also when the leader is gone. Windows has none. */
export function hasGroups({ platform }: Pick<ProcessSystem, "platform"> = OURS): boolean {
  return platform !== "win32";
}

/**
 * Ends a process and what it has started, at once: its group, or, on Windows, the tree below it, which only a leader that lives still
 * has.
 *
 * @param leader its id; it leads a group where there are any
 */
export function killTree(leader: number, system: ProcessSystem = OURS): void {
  if (hasGroups(system)) tryKill(-leader, system);
  else system.run(taskkill(system), ["/PID", String(leader), "/T", "/F"], () => tryKill(leader, system));
}

/** By its whole path: Windows would look for it in the current folder first. */
function taskkill({ windowsFolder = "C:\\Windows" }: ProcessSystem): string {
  return win32.join(windowsFolder, "System32", "taskkill.exe");
}

function tryKill(pid: number, system: ProcessSystem): void {
  try {
    system.kill(pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}
