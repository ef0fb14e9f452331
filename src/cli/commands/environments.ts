import { jsonText } from "../json.ts";
import { columns } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint environments`: lists the environments of the workspace. */
export async function environments(
  { output, target }: Session,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const modal = await target.modal();
  const all = await modal.environments.list();
  if (json) return output.line(jsonText(all));
  await output.line(columns(all.map(({ name, isDefault }) => [name, isDefault ? "default" : ""])).join("\n"));
}
