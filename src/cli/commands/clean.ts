import { jsonText } from "../json.ts";
import { bytesText, counted } from "../render.ts";
import type { Session } from "../session.ts";

interface CleanCommandOptions {
  readonly olderThan?: number;
  readonly json?: boolean;
}

/** `spawnpoint clean`: forgets finished calls. */
export async function clean({ output, localTarget }: Session, options: CleanCommandOptions): Promise<void> {
  const { olderThan: olderThanMs = 0, json = false } = options;
  const engine = await localTarget.engine();
  const { functionCalls, bytes } = await engine.clean(olderThanMs);
  if (json) return output.line(jsonText({ functionCalls, bytes }));
  await output.line(`Forgot ${counted(functionCalls, "function call")}, ${bytesText(Number(bytes))}.`);
}
