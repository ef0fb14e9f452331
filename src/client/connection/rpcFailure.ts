import { LATE_PREFIX } from "../../proto/grpc/rpcClient.ts";
import { type RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import {
  AlreadyExistsError,
  AuthError,
  ConflictError,
  ConnectionError,
  DataLossError,
  InternalError,
  InvalidError,
  type ModalError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  ServiceError,
  UnimplementedError,
} from "../errors.ts";

/** Modal's table from gRPC status to exception, from `py/modal/_grpc_client.py` of the Python SDK. */
const ERROR_BY_STATUS: Partial<Record<RpcStatus, new (message: string, options: ErrorOptions) => ModalError>> = {
  [RpcStatus.INVALID_ARGUMENT]: InvalidError,
  [RpcStatus.OUT_OF_RANGE]: InvalidError,
  [RpcStatus.NOT_FOUND]: NotFoundError,
  [RpcStatus.ALREADY_EXISTS]: AlreadyExistsError,
  [RpcStatus.PERMISSION_DENIED]: PermissionDeniedError,
  [RpcStatus.UNAUTHENTICATED]: AuthError,
  [RpcStatus.RESOURCE_EXHAUSTED]: ResourceExhaustedError,
  [RpcStatus.FAILED_PRECONDITION]: ConflictError,
  [RpcStatus.ABORTED]: ConflictError,
  [RpcStatus.UNIMPLEMENTED]: UnimplementedError,
  [RpcStatus.INTERNAL]: InternalError,
  [RpcStatus.DATA_LOSS]: DataLossError,
};

/**
 * The error that a failed request raises. The server's message is kept; a connection that could not be made, and an answer that did
 * not come in time, become a {@link ConnectionError} that names the server.
 *
 * @param url the server, for the message
 */
export function errorFromRpc(error: RpcError, url: string): ModalError {
  if (isConnectionLost(error)) {
    return new ConnectionError(`Cannot reach the Modal server at ${url}; check that it is running.`, { cause: error });
  }
  if (isOutOfTime(error)) {
    return new ConnectionError(`The Modal server at ${url} did not answer in time; try again later.`, { cause: error });
  }
  const ErrorClass = ERROR_BY_STATUS[error.code] ?? ServiceError;
  return new ErrorClass(error.message || `The server answered ${error.codeName} without a message.`, { cause: error });
}

/**
 * grpc-js gives a lost connection no status of its own, only these texts
 * (load-balancer-pick-first.ts, resolver-dns.ts and subchannel-call.ts in @grpc/grpc-js 1.14).
 */
export function isConnectionLost(error: RpcError): boolean {
  return (
    error.code === RpcStatus.UNAVAILABLE &&
    /^(No connection established|Connection dropped|Name resolution failed|(read|write) E(CONNRESET|TIMEDOUT))/.test(
      error.message,
    )
  );
}

/** Whether the limit on this side ran out; a server's own DEADLINE_EXCEEDED has words of its own. */
function isOutOfTime(error: RpcError): boolean {
  return error.code === RpcStatus.DEADLINE_EXCEEDED && error.message.startsWith(LATE_PREFIX);
}
