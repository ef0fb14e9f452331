import { type Output as InputOutput, RemoteError } from "../client/index.ts";
import { ExitCode } from "./exitCode.ts";
import { jsonText } from "./json.ts";
import { counted } from "./render.ts";
import type { Session } from "./session.ts";

const PROGRESS_INTERVAL_MS = 100;

/**
 * Prints a line of JSON for each output as it comes, no faster than the reader takes them. The session fails when an
 * input has. On a terminal, stderr shows how far it is.
 */
export async function printOutputs(session: Session, outputs: AsyncIterable<InputOutput>): Promise<void> {
  const { output } = session;
  let printed = 0;
  let failed = 0;
  let shownAt = 0;
  for await (const item of outputs) {
    // One that cannot be downloaded is a line that says so.
    if (!item.isLoaded) await item.load(session.signal).catch(() => session.signal.throwIfAborted());
    const line = outputLine(item);
    if ("error" in line) failed += 1;
    printed += 1;
    output.progress("");
    await output.line(jsonText(line));
    if (Date.now() - shownAt < PROGRESS_INTERVAL_MS) continue;
    shownAt = Date.now();
    output.progress(progressText(printed, failed));
  }
  output.progress("");
  if (output.showsProgress) output.note(progressText(printed, failed));
  if (failed > 0) session.exitCode = ExitCode.failed;
}

/** Prints a line of JSON for each item of a generator as it comes, no faster than the reader takes them. */
export async function printItems({ output }: Session, items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) await output.line(jsonText(item));
}

type OutputLine =
  | { readonly index: number; readonly result: unknown }
  | {
      readonly index: number;
      readonly error: { readonly type: string; readonly message: string; readonly status: string };
      readonly traceback?: string;
    };

/** What a line says of one output. A result that this client cannot read is an error too. */
function outputLine(output: InputOutput): OutputLine {
  const { index, status, traceback } = output;
  try {
    return { index, result: output.value() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const described = { type: typeOf(error), message: error.message, status };
    return { index, error: described, ...(traceback && { traceback }) };
  }
}

/** The Python exception's type, from its `repr()`; else our own error's name. */
function typeOf(error: Error): string {
  const pythonType = error instanceof RemoteError ? /^[\w.]+(?=\()/.exec(error.exception)?.[0] : undefined;
  return pythonType ?? error.name;
}

function progressText(printed: number, failed: number): string {
  return failed === 0
    ? counted(printed, "result")
    : `${counted(printed, "result")}, ${failed.toLocaleString("en")} failed`;
}
