import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";

/** SQLite's codes for what is not a full disk (https://sqlite.org/rescode.html), and what to do. */
const WAYS_ON: Readonly<Record<number, string>> = {
  8: "make the engine's data folder writable",
  11: "the engine's store is damaged: import an archive of it into another data folder",
};

/** What a client sent could not be stored, most likely because the disk is full. */
export class NotStoredError extends RpcError {
  /** What the system says. */
  readonly reason: string;

  constructor(cause: unknown) {
    const reason = reasonOf(cause);
    const wayOn = WAYS_ON[sqliteCode(cause) ?? 0] ?? "make room on the disk";
    super(
      RpcStatus.RESOURCE_EXHAUSTED,
      `The engine could not store this, so nothing was accepted (${reason}); ${wayOn} and try again.`,
      { cause },
    );
    this.reason = reason;
  }
}

/** Why something was not stored, without what follows from it. */
export function reasonOf(error: unknown): string {
  if (error instanceof NotStoredError) return error.reason;
  return error instanceof Error ? error.message : String(error);
}

/** The primary code of an error of SQLite's; undefined for any other. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}
