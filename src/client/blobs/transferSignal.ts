import type { ModalRpc } from "../connection/connection.ts";

/** What ends a transfer: its caller, or the end of the client. One for each, so that listeners do not gather on the client's. */
export function transferSignal(rpc: ModalRpc, callerSignal: AbortSignal | undefined): AbortSignal {
  return AbortSignal.any(callerSignal ? [callerSignal, rpc.closed] : [rpc.closed]);
}
