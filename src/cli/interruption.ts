import { ConnectionError, type FunctionCall } from "../client/index.ts";
import { LocalTarget } from "../targets/localTarget.ts";
import type { Target } from "../targets/target.ts";
import { Interruption } from "./cliError.ts";
import { ExitCode } from "./exitCode.ts";
import type { Session } from "./session.ts";

const SIGNALS = { SIGINT: ExitCode.interrupted, SIGTERM: 143 } as const;

/**
 * A signal that is aborted with an {@link Interruption} when the user presses Ctrl-C, the process is asked to end, or
 * the reader of stdout goes away. A second Ctrl-C ends the process at once.
 */
export function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption("Interrupted.", exitCode));
    });
  }
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `| head` has seen enough, which is no failure.
    if (error.code === "EPIPE") controller.abort(new Interruption("", ExitCode.ok));
    else throw error;
  });
  return controller.signal;
}

/**
 * Does work that makes a function call, and cancels the call on the server when the work fails or is interrupted, for
 * nobody will read its results. That the cancel fails is not reported above the reason for it.
 *
 * @param work is given a function to tell which call was made
 */
export async function cancellingOnFailure<T>(
  { target }: Session,
  work: (onCall: (call: FunctionCall) => void) => Promise<T>,
): Promise<T> {
  let made: FunctionCall | undefined;
  try {
    return await work((call) => {
      made = call;
    });
  } catch (error) {
    if (made && error instanceof ConnectionError) throw lostCall(target, made, error);
    await made?.cancel().catch(() => undefined);
    throw error;
  }
}

/** A server keeps what it has accepted, and the engine also when it dies. */
function lostCall(target: Target, { functionCallId }: FunctionCall, cause: ConnectionError): ConnectionError {
  const message =
    target instanceof LocalTarget
      ? `The engine went away; what it had accepted goes on when it is back: spawnpoint get ${functionCallId}`
      : `The connection was lost; what the server had accepted goes on: spawnpoint --profile ${target.name} get ${functionCallId}`;
  return new ConnectionError(message, { cause });
}
