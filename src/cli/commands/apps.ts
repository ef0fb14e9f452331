import { jsonText } from "../json.ts";
import { columns, counted, timeText } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint apps`: lists the apps that are deployed or run, and with `--all` those that were stopped. */
export async function apps(
  { output, target }: Session,
  { all = false, json = false }: { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const modal = await target.modal();
  const listed = (await modal.apps.list()).filter(({ state }) => all || state !== "STOPPED");
  if (json) return output.line(jsonText(listed));
  if (listed.length === 0) return output.note("No app is deployed.");
  const rows = listed.map(({ name, state, appId, createdAt, numRunningContainers }) => {
    const words = state.toLowerCase().replaceAll("_", " ");
    return [name, words, appId, timeText(createdAt), counted(numRunningContainers, "container")];
  });
  await output.line(columns(rows).join("\n"));
}
