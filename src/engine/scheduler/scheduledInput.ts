import type { InputKey } from "../ids.ts";
import type { ActiveCall } from "./activeCall.ts";

/** An acknowledged input on its way to its final output. */
export interface ScheduledInput {
  readonly key: InputKey;
  readonly call: ActiveCall;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  /** Kept while small; otherwise read from the store when it is sent. */
  readonly args: Uint8Array | undefined;
  /** Retries by the function's policy so far. */
  retryCount: number;
  /** Times that a container died under it. */
  lost: number;
  /** Somebody cancelled it: whatever happens to its container, it ends as TERMINATED. */
  cancelled: boolean;
  /** Taken back from a container before it began; goes to another one. */
  recalled: boolean;
}
