import { containerOwner, type InstanceOptions } from "../callable.ts";
import { counted } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint keep-warm APP FUNCTION CONTAINERS`: keeps containers of a function running. */
export async function keepWarm(
  { output, target }: Session,
  app: string,
  name: string,
  count: number,
  options: InstanceOptions,
): Promise<void> {
  const owner = await containerOwner(await target.modal(), app, name, options);
  await owner.keepWarm(count);
  output.note(`${name} keeps at least ${counted(count, "container")} from now on.`);
}
