import { type CallOptions, parseArgs, parseKwargs } from "../callArguments.ts";
import { cancellingOnFailure } from "../interruption.ts";
import { jsonText } from "../json.ts";
import type { Session } from "../session.ts";

/** `spawnpoint call APP FUNCTION`: calls a function and prints its result. */
export async function call(session: Session, app: string, name: string, options: CallOptions): Promise<void> {
  const { output, signal, target } = session;
  const args = parseArgs(options);
  const kwargs = parseKwargs(options);
  const modal = await target.modal();
  target.keepRunning();
  const fn = modal.functions.fromName(app, name);
  const result = await cancellingOnFailure((onCall) => fn.remote(args, kwargs, { signal, onCall }));
  await output.line(jsonText(result, output.isTerminal ? 2 : undefined));
}
