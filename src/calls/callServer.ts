import type { FunctionCall, ModalClient, ModalFunction } from "../client/index.ts";

/** What following a call needs of a `ModalClient`. */
export interface CallServer {
  readonly calls: { fromId(functionCallId: string): WatchedCall };
  readonly functions: { fromId(functionId: string): Pick<ModalFunction, "getCurrentStats"> };
  readonly apps: Pick<ModalClient["apps"], "layout">;
  readonly containers: Pick<ModalClient["containers"], "info" | "list">;
  readonly logs: Pick<ModalClient["logs"], "stream">;
}

export type WatchedCall = Pick<
  FunctionCall,
  "hydrate" | "outputs" | "output" | "items" | "listCallGraph" | "runningInputs" | "cancel"
>;

/** Gives the server that answers now; after it died, a new one. Rejects while there is none. */
export type ConnectCallServer = () => Promise<CallServer>;
