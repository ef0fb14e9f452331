/**
 * Root of everything that goes wrong between this client and a Modal server. The names below it are those of
 * `modal.exception` in Modal's Python SDK, where the root is called `Error`. Messages are one sentence for the user; what
 * led to it is the `cause`.
 */
export class ModalError extends Error {
  override readonly name: string = "ModalError";
}

/** The tokens are missing, wrong or expired. gRPC UNAUTHENTICATED. */
export class AuthError extends ModalError {
  override readonly name: string = "AuthError";
}

/** The tokens are good, but may not do this. gRPC PERMISSION_DENIED. */
export class PermissionDeniedError extends ModalError {
  override readonly name: string = "PermissionDeniedError";
}

/** No server answers at the URL, or the connection was lost and did not come back within the retries. */
export class ConnectionError extends ModalError {
  override readonly name: string = "ConnectionError";
}

/** The client was closed before or during the request. */
export class ClientClosed extends ModalError {
  override readonly name: string = "ClientClosed";
}

/** There is no such app, function, function call or container. gRPC NOT_FOUND. */
export class NotFoundError extends ModalError {
  override readonly name: string = "NotFoundError";
}

/** The object exists already. gRPC ALREADY_EXISTS. */
export class AlreadyExistsError extends ModalError {
  override readonly name: string = "AlreadyExistsError";
}

/** The request makes no sense, here or on the server. gRPC INVALID_ARGUMENT and OUT_OF_RANGE. */
export class InvalidError extends ModalError {
  override readonly name: string = "InvalidError";
}

/** The request does not fit the state that things are in. gRPC FAILED_PRECONDITION and ABORTED. */
export class ConflictError extends InvalidError {
  override readonly name: string = "ConflictError";
}

/** A limit was reached. gRPC RESOURCE_EXHAUSTED. */
export class ResourceExhaustedError extends ModalError {
  override readonly name: string = "ResourceExhaustedError";
}

/** The server lacks this method. gRPC UNIMPLEMENTED. */
export class UnimplementedError extends ModalError {
  override readonly name: string = "UnimplementedError";
}

/** The server failed in a way that may pass. gRPC CANCELLED, UNKNOWN, DEADLINE_EXCEEDED and UNAVAILABLE, after all retries. */
export class ServiceError extends ModalError {
  override readonly name: string = "ServiceError";
}

/** The server has a fault. gRPC INTERNAL, after all retries. */
export class InternalError extends ModalError {
  override readonly name: string = "InternalError";
}

/** The server lost data. gRPC DATA_LOSS. */
export class DataLossError extends ModalError {
  override readonly name: string = "DataLossError";
}

/** A value cannot be sent: it has no form that Python would understand. */
export class SerializationError extends ModalError {
  override readonly name: string = "SerializationError";
}

/** A result came back in a form that this client cannot read. */
export class DeserializationError extends ModalError {
  override readonly name: string = "DeserializationError";
}

/** Something between the call and its function failed: arguments could not be uploaded, or a result could not be downloaded. */
export class ExecutionError extends ModalError {
  override readonly name: string = "ExecutionError";
}

/** Modal's machinery failed, not the user's function. Result status INTERNAL_FAILURE. */
export class InternalFailure extends ModalError {
  override readonly name: string = "InternalFailure";
}

/** The function raised. Result status FAILURE, and every other one that has no error of its own (TERMINATED, INIT_FAILURE, …). */
export class RemoteError extends ModalError {
  override readonly name: string = "RemoteError";
  /** `repr()` of the Python exception, e.g. `ValueError('boom')`. May be empty, e.g. for a cancelled input. */
  readonly exception: string;
  /** The formatted Python traceback, or an empty string. */
  readonly traceback: string;

  /** @param options the exception itself, a `PythonException`, as the cause where the server sent it */
  constructor(message: string, exception: string, traceback: string, options?: ErrorOptions) {
    super(message, options);
    this.exception = exception;
    this.traceback = traceback;
  }
}

/** Time ran out. Also raised by itself: the wait that was asked for is over and the input is still unfinished. */
export class TimeoutError extends ModalError {
  override readonly name: string = "TimeoutError";
}

/** The function ran longer than its own timeout allows. Result status TIMEOUT. */
export class FunctionTimeoutError extends TimeoutError {
  override readonly name: string = "FunctionTimeoutError";
}

/** The server no longer has the output: it expired, or was cleared after somebody else read it. */
export class OutputExpiredError extends TimeoutError {
  override readonly name: string = "OutputExpiredError";
}
