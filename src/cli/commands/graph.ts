import { callGraphText } from "../callGraphText.ts";
import { jsonText } from "../json.ts";
import type { Session } from "../session.ts";

/** `spawnpoint graph CALL`: shows which calls a call has made. */
export async function graph(
  { output, target }: Session,
  functionCallId: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const modal = await target.modal();
  const roots = await modal.calls.fromId(functionCallId).getCallGraph();
  await output.line(json ? jsonText(roots) : callGraphText(roots));
}
