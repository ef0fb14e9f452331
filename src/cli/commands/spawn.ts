import { type CallOptions, parseArgs, parseKwargs } from "../callArguments.ts";
import { callable, type InstanceOptions } from "../callable.ts";
import type { Session } from "../session.ts";

/** `spawnpoint spawn APP FUNCTION`: calls a function without waiting, and prints the call's id. */
export async function spawn(
  session: Session,
  app: string,
  name: string,
  options: CallOptions & InstanceOptions,
): Promise<void> {
  const args = parseArgs(options);
  const kwargs = parseKwargs(options);
  const modal = await session.target.modal();
  const fn = await callable(modal, app, name, options);
  const { functionCallId } = await fn.spawn(args, kwargs);
  await session.output.line(functionCallId);
}
