import type { AppDeployment } from "../../client/index.ts";
import { jsonText } from "../json.ts";
import { columns, timeText } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint history APP`: lists the versions of an app, newest first. */
export async function history(
  { output, target }: Session,
  app: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const { apps } = await target.modal();
  const { appId } = await apps.lookup(app);
  const deployments = await apps.history(appId);
  if (json) return output.line(jsonText(deployments));
  if (deployments.length === 0) return output.note(`${app} was never deployed.`);
  await output.line(columns(deployments.map(row)).join("\n"));
}

function row({ version, deployedAt, deployedBy, tag, isCurrent, rollbackOf }: AppDeployment): string[] {
  const remarks = [isCurrent && "current", rollbackOf && `puts back v${rollbackOf}`, tag];
  return [`v${version}`, timeText(deployedAt), deployedBy, remarks.filter(Boolean).join(", ")];
}
