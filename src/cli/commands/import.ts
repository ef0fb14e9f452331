import { resolve } from "node:path";
import { jsonText } from "../json.ts";
import { counted } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint import FILE`: makes the data folder, which must be empty, of an archive. */
export async function importData(
  { output, localTarget }: Session,
  file: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const { dataFolder } = localTarget;
  const { functionCalls } = await localTarget.importData(resolve(file));
  if (json) return output.line(jsonText({ dataFolder, functionCalls }));
  await output.line(`${dataFolder} has ${counted(functionCalls, "function call")} now.`);
}
