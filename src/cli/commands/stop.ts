import { stopEngine } from "../../targets/engineProcess.ts";
import type { Session } from "../session.ts";

/** `spawnpoint stop`: ends the engine. Unfinished inputs stay queued for its next start. */
export async function stop({ output, target }: Session): Promise<void> {
  const { address, engine } = await target.running();
  await stopEngine(engine, address.pid);
  output.note("The engine has ended.");
}
