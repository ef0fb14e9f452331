import { UsageError } from "../cliError.ts";
import { jsonText } from "../json.ts";
import { bytesText, counted } from "../render.ts";
import type { Session } from "../session.ts";

interface CleanCommandOptions {
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `spawnpoint clean`: forgets finished calls, those that the data folder's limits do not allow unless the user says which. */
export async function clean({ output, localTarget }: Session, options: CleanCommandOptions): Promise<void> {
  const { olderThan, all = false, dryRun = false, json = false } = options;
  if (all && olderThan !== undefined) throw new UsageError("Give --all or --older-than, not both.");
  const engine = await localTarget.engine();
  const olderThanMs = all ? 0 : olderThan;
  const { functionCalls, bytes } = await engine.clean({ olderThanMs, dryRun });
  if (json) return output.line(jsonText({ functionCalls, bytes }));
  const verb = dryRun ? "Would forget" : "Forgot";
  await output.line(`${verb} ${counted(functionCalls, "function call")}, ${bytesText(Number(bytes))}.`);
}
