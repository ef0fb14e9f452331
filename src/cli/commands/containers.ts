import { jsonText } from "../json.ts";
import { columns, spanText } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint containers [APP]`: lists the containers that are there now. */
export async function containers(
  { output, target }: Session,
  app: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const modal = await target.modal();
  const appId = app === undefined ? undefined : (await modal.apps.lookup(app)).appId;
  const all = await modal.containers.list(appId);
  if (json) return output.line(jsonText(all));
  if (all.length === 0) return output.note("No containers run.");
  const rows = all.map(({ taskId, appName, startedAt }) => {
    return [taskId, appName, startedAt === 0 ? "starting" : `up ${spanText(Date.now() - startedAt)}`];
  });
  await output.line(columns(rows).join("\n"));
}
