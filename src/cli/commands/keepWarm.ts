import { counted } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint keep-warm APP FUNCTION CONTAINERS`: keeps containers of a function running. */
export async function keepWarm({ output, target }: Session, app: string, name: string, count: number): Promise<void> {
  const modal = await target.modal();
  await modal.functions.fromName(app, name).keepWarm(count);
  output.note(`${name} keeps at least ${counted(count, "container")} from now on.`);
}
