import { UsageError } from "../cliError.ts";
import type { Session } from "../session.ts";

/** `spawnpoint rollback APP [vN]`: puts an old version of an app back, as a new one. */
export async function rollback({ output, target }: Session, app: string, version?: string): Promise<void> {
  const wanted = version === undefined ? {} : { version: versionNumber(version) };
  const { apps } = await target.modal();
  const { appId } = await apps.lookup(app);
  await apps.rollback(appId, wanted);
  const [current] = await apps.history(appId);
  const old = current?.rollbackOf === undefined ? "" : `, which puts back version ${current.rollbackOf}`;
  await output.line(`${app} is at version ${current?.version ?? "?"} now${old}.`);
}

function versionNumber(text: string): number {
  const [, number] = /^v?([1-9]\d{0,8})$/.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  throw new UsageError(`"${text}" is not a version; write one such as v3.`);
}
