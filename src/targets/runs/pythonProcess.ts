import type { ChildProcess } from "node:child_process";
import { InterpreterError } from "../targetError.ts";

const KILLED = 137;

/**
 * Resolves when the process of an interpreter runs.
 *
 * @throws InterpreterError when it cannot be started
 */
export async function started(child: ChildProcess, python: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      reject(new InterpreterError(`${python} cannot be started; name another interpreter.`, { cause }));
    });
  });
}

/** Waits for the end of a process that runs, and interrupts it when the signal is aborted, unless its terminal does that. */
export async function exitCode(
  child: ChildProcess,
  { signal, sharesTerminal }: { readonly signal: AbortSignal; readonly sharesTerminal: boolean },
): Promise<number> {
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const interrupt = () => {
    if (!sharesTerminal) child.kill("SIGINT");
  };
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    return (await closed) ?? KILLED;
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}
