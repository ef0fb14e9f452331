import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { type Any, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { RPCStatusSchema } from "../gen/modal_pb.js";

/** The trailer that carries a serialized `RPCStatus` with typed details (same layout as google.rpc.Status). */
const DETAILS_KEY = "grpc-status-details-bin";

export const RpcStatus = status;
export type RpcStatus = status;

/** A failed RPC, on either side of the wire: gRPC status, the sentence that came with it, and typed details. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: RpcStatus;
  readonly details: readonly Any[];

  constructor(code: RpcStatus, message: string, options: { details?: readonly Any[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
  }

  /** An error that carries one typed detail message, found again with {@link detail}. */
  static with<D extends DescMessage>(code: RpcStatus, message: string, schema: D, detail: MessageShape<D>): RpcError {
    return new RpcError(code, message, { details: [anyPack(schema, detail)] });
  }

  /** The first detail of the given type, if the server sent one. */
  detail<D extends DescMessage>(schema: D): MessageShape<D> | undefined {
    for (const any of this.details) {
      const message = anyUnpack(any, schema);
      if (message) return message;
    }
    return undefined;
  }

  /** The name of the status, e.g. `NOT_FOUND`. */
  get codeName(): string {
    return status[this.code] ?? String(this.code);
  }
}

/** Reads what grpc-js reports as a failed call. Anything that is not a gRPC error becomes UNKNOWN with its cause kept. */
export function rpcErrorFrom(reason: unknown): RpcError {
  if (reason instanceof RpcError) return reason;
  if (!isServiceError(reason)) {
    return new RpcError(status.UNKNOWN, reason instanceof Error ? reason.message : String(reason), { cause: reason });
  }
  return new RpcError(reason.code, reason.details, { details: readDetails(reason.metadata), cause: reason });
}

/** The same failure in the shape that grpc-js sends to the other side. */
export function serviceErrorFrom(reason: unknown): Partial<ServiceError> {
  const error =
    reason instanceof RpcError
      ? reason
      : new RpcError(status.INTERNAL, reason instanceof Error ? reason.message : String(reason), { cause: reason });
  const metadata = new Metadata();
  if (error.details.length > 0) {
    const rpcStatus = create(RPCStatusSchema, {
      code: error.code,
      message: error.message,
      details: [...error.details],
    });
    metadata.set(DETAILS_KEY, Buffer.from(toBinary(RPCStatusSchema, rpcStatus)));
  }
  return { code: error.code, details: error.message, metadata };
}

function readDetails(metadata: Metadata | undefined): Any[] {
  const [bytes] = metadata?.get(DETAILS_KEY) ?? [];
  if (!(bytes instanceof Uint8Array)) return [];
  try {
    return fromBinary(RPCStatusSchema, bytes).details;
  } catch {
    return []; // A detail that cannot be read must not hide the error that it came with.
  }
}

function isServiceError(reason: unknown): reason is ServiceError {
  return reason instanceof Error && "code" in reason && typeof reason.code === "number" && "details" in reason;
}
