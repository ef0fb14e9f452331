import type { Session } from "../session.ts";

/** `spawnpoint stop`: ends the engine. Unfinished inputs stay queued for its next start. */
export async function stop({ output, target }: Session): Promise<void> {
  await target.stop();
  output.note("The engine has ended.");
}
