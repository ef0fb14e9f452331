import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";

/** What a client sent could not be stored, most likely because the disk is full. */
export class NotStoredError extends RpcError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      RpcStatus.RESOURCE_EXHAUSTED,
      `The engine could not store this, so nothing was accepted (${reason}); make room on the disk and try again.`,
      { cause },
    );
  }
}
