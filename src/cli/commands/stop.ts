import type { Session } from "../session.ts";

/** `spawnpoint stop`: ends the engine. Unfinished inputs stay queued for its next start. */
export async function stop({ output, localTarget }: Session): Promise<void> {
  await localTarget.stop();
  output.note("The engine has ended.");
}
