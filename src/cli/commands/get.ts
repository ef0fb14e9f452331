import type { FunctionCall, Output } from "../../client/index.ts";
import { UsageError } from "../cliError.ts";
import { jsonText } from "../json.ts";
import { printOutputs } from "../outputLines.ts";
import type { Session } from "../session.ts";

interface GetCommandOptions {
  readonly index?: number;
  /** Seconds. */
  readonly timeout?: number;
}

/** `spawnpoint get CALL`: waits for a call's result and prints it; of a map, every result as it arrives. */
export async function get(session: Session, functionCallId: string, options: GetCommandOptions): Promise<void> {
  const { output, signal, target } = session;
  const { index, timeout } = options;
  const modal = await target.modal();
  target.keepRunning();
  const call = modal.calls.fromId(functionCallId);
  const { numInputs } = await call.hydrate();
  if (numInputs > 1 && index === undefined) {
    if (timeout !== undefined) throw new UsageError("--timeout needs --index here, for this call has many inputs.");
    return printOutputs(session, allOutputs(call, signal));
  }
  const limit = timeout === undefined ? {} : { timeoutMs: timeout * 1_000 };
  const result = await call.get({ ...limit, index: index ?? 0, signal });
  await output.line(jsonText(result, output.isTerminal ? 2 : undefined));
}

async function* allOutputs(call: FunctionCall, signal: AbortSignal): AsyncGenerator<Output> {
  for await (const { outputs } of call.outputs({ signal })) yield* outputs;
}
