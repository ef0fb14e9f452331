import type { ModalClient } from "../../client/index.ts";
import type { Session } from "../session.ts";

/** `spawnpoint logs APP|CALL`: prints what functions printed. */
export async function logs(
  { output, signal, target }: Session,
  appOrCall: string,
  { follow = false }: { readonly follow?: boolean },
): Promise<void> {
  const modal = await target.modal();
  const source = await logSource(modal, appOrCall);
  for await (const entry of modal.logs.stream({ ...source, follow, signal })) await output.text(entry.text);
}

async function logSource(modal: ModalClient, appOrCall: string): Promise<{ appId: string; functionCallId?: string }> {
  if (!appOrCall.startsWith("fc-")) return { appId: (await modal.apps.lookup(appOrCall)).appId };
  const { appId } = await modal.calls.fromId(appOrCall).hydrate();
  return { appId, functionCallId: appOrCall };
}
