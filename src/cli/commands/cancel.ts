import type { Session } from "../session.ts";

/** `spawnpoint cancel CALL`: cancels what is unfinished of a call. */
export async function cancel(
  { output, target }: Session,
  functionCallId: string,
  options: { readonly terminateContainers?: boolean },
): Promise<void> {
  const modal = await target.modal();
  await modal.calls.fromId(functionCallId).cancel(options);
  output.note(`Cancelled ${functionCallId}.`);
}
