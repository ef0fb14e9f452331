import { type CallOptions, parseKwargs } from "../callArguments.ts";
import { callable, type InstanceOptions } from "../callable.ts";
import { cancellingOnFailure } from "../interruption.ts";
import { checkInputs, type InputsOptions, inputRows } from "../mapInputs.ts";
import { printOutputs } from "../outputLines.ts";
import type { Session } from "../session.ts";

interface MapCommandOptions extends InputsOptions, InstanceOptions, Pick<CallOptions, "kwargs"> {
  readonly unordered?: boolean;
}

/** `spawnpoint map APP FUNCTION`: calls a function for each line of a file and prints the results as they arrive. */
export async function map(session: Session, app: string, name: string, options: MapCommandOptions): Promise<void> {
  const { signal, target } = session;
  const kwargs = parseKwargs(options);
  const orderOutputs = options.unordered !== true;
  await checkInputs(options);
  const modal = await target.modal();
  session.keepRunning();
  const fn = await callable(modal, app, name, options);
  await cancellingOnFailure(session, (onCall) =>
    printOutputs(session, fn.mapOutputs(inputRows(options), { kwargs, orderOutputs, signal, onCall })),
  );
}
