import { basename } from "node:path";
import {
  AuthError,
  ConnectionError,
  InvalidError,
  NotFoundError,
  PermissionDeniedError,
  RemoteError,
  SerializationError,
} from "../client/index.ts";
import { RpcError } from "../proto/grpc/rpcError.ts";
import { DeployError, EngineStartError, InterpreterError, NoEngineError } from "../targets/targetError.ts";
import { Interruption, UsageError } from "./cliError.ts";
import { ExitCode } from "./exitCode.ts";

type ErrorClass = abstract new (...args: never[]) => Error;

const EXIT_CODES: readonly (readonly [ErrorClass, number])[] = [
  [UsageError, ExitCode.usage],
  [InvalidError, ExitCode.usage],
  [NotFoundError, ExitCode.usage],
  [SerializationError, ExitCode.usage],
  [NoEngineError, ExitCode.noServer],
  [EngineStartError, ExitCode.noServer],
  [ConnectionError, ExitCode.noServer],
  [AuthError, ExitCode.noServer],
  [PermissionDeniedError, ExitCode.noServer],
  [DeployError, ExitCode.deployFailed],
  [InterpreterError, ExitCode.deployFailed],
];

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode;
  return EXIT_CODES.find(([errorClass]) => error instanceof errorClass)?.[1] ?? ExitCode.failed;
}

/**
 * What the user reads of an error: Python's traceback where there is one, then one sentence.
 *
 * @param verbose adds the chain of causes
 */
export function failureText(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  const parts = [tracebackOf(error), sentenceOf(error)];
  if (verbose) parts.push(...causesOf(error).map((cause) => `Caused by: ${cause.stack ?? cause.message}`));
  return parts.filter(Boolean).join("\n");
}

function sentenceOf(error: Error): string {
  // A sentence is the engine's own: it was not the function that failed.
  if (error instanceof RemoteError && error.exception && !error.exception.endsWith(".")) {
    return `The function raised ${error.exception}.`;
  }
  if (error instanceof AuthError && error.cause instanceof RpcError) {
    return `The server does not accept the tokens (${error.message}); "modal token new" makes new ones.`;
  }
  if (!(error instanceof DeployError) || error.line === 0) return error.message;
  // The form that editors and scripts read. The message names the place in words, which would be twice here.
  const message = error.message.replace(`${basename(error.path)}, line ${error.line}: `, "");
  return `${error.path}:${error.line}: ${message}`;
}

function tracebackOf(error: Error): string {
  if (error instanceof DeployError || error instanceof RemoteError) return error.traceback.trimEnd();
  return "";
}

function causesOf(error: Error): Error[] {
  return error.cause instanceof Error ? [error.cause, ...causesOf(error.cause)] : [];
}
