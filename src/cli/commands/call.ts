import { type CallOptions, parseArgs, parseKwargs } from "../callArguments.ts";
import { callable, type InstanceOptions } from "../callable.ts";
import { cancellingOnFailure } from "../interruption.ts";
import { jsonText } from "../json.ts";
import { printItems } from "../outputLines.ts";
import type { Session } from "../session.ts";

/** `spawnpoint call APP FUNCTION`: calls a function and prints its result; of a generator, every item as it arrives. */
export async function call(
  session: Session,
  app: string,
  name: string,
  options: CallOptions & InstanceOptions,
): Promise<void> {
  const { output, signal, target } = session;
  const args = parseArgs(options);
  const kwargs = parseKwargs(options);
  const modal = await target.modal();
  session.keepRunning();
  const fn = await (await callable(modal, app, name, options)).hydrate();
  if (fn.isGenerator) {
    return cancellingOnFailure(session, (onCall) =>
      printItems(session, fn.remoteGen(args, kwargs, { signal, onCall })),
    );
  }
  const result = await cancellingOnFailure(session, (onCall) => fn.remote(args, kwargs, { signal, onCall }));
  await output.line(jsonText(result, output.isTerminal ? 2 : undefined));
}
