import { callable, type InstanceOptions } from "../callable.ts";
import { jsonText } from "../json.ts";
import { columns } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint stats APP FUNCTION`: shows a function's queue and containers. */
export async function stats(
  { output, target }: Session,
  app: string,
  name: string,
  options: InstanceOptions & { readonly json?: boolean },
): Promise<void> {
  const { json = false } = options;
  const fn = await callable(await target.modal(), app, name, options);
  const current = await fn.getCurrentStats();
  if (json) return output.line(jsonText(current));
  const rows = [
    ["backlog", current.backlog],
    ["runners", current.numTotalRunners],
    ["running inputs", current.numRunningInputs],
    ["input headroom", current.inputHeadroom],
  ];
  await output.line(columns(rows.map((row) => row.map(String))).join("\n"));
  if (current.startFailure) await output.line(current.startFailure);
}
