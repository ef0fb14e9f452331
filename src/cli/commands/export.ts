import { resolve } from "node:path";
import { jsonText } from "../json.ts";
import { bytesText, counted } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint export FILE`: writes all that the data folder holds to an archive, whether an engine runs or not. */
export async function exportData(
  { output, localTarget }: Session,
  file: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const path = resolve(file);
  const { functionCalls, bytes } = await localTarget.exportData(path);
  if (json) return output.line(jsonText({ path, functionCalls, bytes }));
  await output.line(`${path} has ${counted(functionCalls, "function call")}, ${bytesText(bytes)}.`);
}
