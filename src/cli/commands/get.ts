import { calledFunction, type FunctionCall, type Output } from "../../client/index.ts";
import { UsageError } from "../cliError.ts";
import { jsonText } from "../json.ts";
import { printItems, printOutputs } from "../outputLines.ts";
import type { Session } from "../session.ts";

interface GetCommandOptions {
  readonly index?: number;
  /** Seconds. */
  readonly timeout?: number;
}

/** `spawnpoint get CALL`: waits for a call's result and prints it; of a map or a generator, everything as it arrives. */
export async function get(session: Session, functionCallId: string, options: GetCommandOptions): Promise<void> {
  const { output, signal, target } = session;
  const { index, timeout } = options;
  const modal = await target.modal();
  session.keepRunning();
  const call = modal.calls.fromId(functionCallId);
  const { numInputs, appId, functionId } = await call.hydrate();
  if (numInputs > 1 && index === undefined) {
    if (timeout !== undefined) throw new UsageError("--timeout needs --index here, for this call has many inputs.");
    return printOutputs(session, allOutputs(call, signal));
  }
  const called = await calledFunction(await modal.apps.layout(appId), functionId, call);
  if (called?.isGenerator) {
    if (timeout !== undefined) throw new UsageError("--timeout does not go with a generator, which has many items.");
    return printItems(session, call.getGen({ signal }));
  }
  const limit = timeout === undefined ? {} : { timeoutMs: timeout * 1_000 };
  const result = await call.get({ ...limit, index: index ?? 0, signal });
  await output.line(jsonText(result, output.isTerminal ? 2 : undefined));
}

async function* allOutputs(call: FunctionCall, signal: AbortSignal): AsyncGenerator<Output> {
  for await (const { outputs } of call.outputs({ signal })) yield* outputs;
}
