import { namedFunction } from "../../client/index.ts";
import { jsonText } from "../json.ts";
import type { Session } from "../session.ts";

/** `spawnpoint definition APP FUNCTION`: shows where a deployed function is defined, and its text. */
export async function definition(
  { output, target }: Session,
  app: string,
  name: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const source = await namedFunction(await target.modal(), app, name).getRawF();
  await output.line(json ? jsonText(source) : `${source.path}:${source.line}\n${source.text}`);
}
