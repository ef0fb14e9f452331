/** A target cannot be used, or refused something. The message is one sentence for the user; the cause is kept. */
export class TargetError extends Error {
  override readonly name: string = "TargetError";
}

/** No engine runs for the data folder, and none was to be started. */
export class NoEngineError extends TargetError {
  override readonly name = "NoEngineError";
}

/** No engine could be started. */
export class EngineStartError extends TargetError {
  override readonly name = "EngineStartError";
}

/** There is no Python interpreter that can be used. */
export class InterpreterError extends TargetError {
  override readonly name = "InterpreterError";
}

/** Where a deployment failed, as the engine reports it. */
export interface DeployFault {
  /** The file at fault; empty when unknown. */
  readonly path: string;
  /** From 1; 0 when unknown. */
  readonly line: number;
  /** Python's traceback; empty when there is none. */
  readonly traceback: string;
}

/** The file could not be deployed. The deployments that were live stay. */
export class DeployError extends TargetError implements DeployFault {
  override readonly name = "DeployError";
  readonly path: string;
  readonly line: number;
  readonly traceback: string;

  constructor(message: string, fault: DeployFault, options?: ErrorOptions) {
    super(message, options);
    this.path = fault.path;
    this.line = fault.line;
    this.traceback = fault.traceback;
  }
}
