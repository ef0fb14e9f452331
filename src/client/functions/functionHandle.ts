import { Function_FunctionType, type FunctionHandleMetadata } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError, NotFoundError, UnimplementedError } from "../errors.ts";
import { inputFormat } from "../payloads/payload.ts";

/** Where a function is found. */
export interface FunctionName {
  readonly appName: string;
  readonly name: string;
  /** Empty: the server's default environment. */
  readonly environmentName: string;
  /** 0: the version that is deployed now. */
  readonly version: number;
}

/** Where a function comes from: what is known of it at once, and how the rest is found out. */
export interface FunctionOrigin {
  /** Empty when only the id is known. */
  readonly appName: string;
  /** The name in the app, `Class.method` for a method; empty when only the id is known. */
  readonly name: string;
  /** `fu-…`, when it is known before the lookup. */
  readonly functionId?: string;
  /** Where it was looked for; not known of what is found by its id. */
  readonly environmentName?: string;
  /** Of the instance, for a method: what its class is constructed with. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Asks the server; called again only after a failure. */
  lookUp(): Promise<FunctionHandle>;
}

/** A function that was looked up: its id, and what a call needs to know of it. */
export interface FunctionHandle {
  readonly functionId: string;
  readonly metadata: FunctionHandleMetadata;
}

/**
 * Finds a function by its name (`FunctionGet`).
 *
 * @throws NotFoundError when there is no such app or function
 */
async function lookUpFunction(rpc: ModalRpc, source: FunctionName, what: string): Promise<FunctionHandle> {
  const { appName, name, environmentName, version } = source;
  try {
    const { functionId, handleMetadata } = await rpc.functionGet({
      appName,
      objectTag: name,
      environmentName,
      appVersion: version,
    });
    if (handleMetadata) return { functionId, metadata: handleMetadata };
    throw new NotFoundError("the answer has no metadata");
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(
      `There is no ${what} in the app "${appName}"; check both names, or deploy the app (the server says: ${error.message}).`,
      { cause: error },
    );
  }
}

/**
 * A function that is found by its name.
 *
 * @param what how a message calls it
 */
export function originByName(
  rpc: ModalRpc,
  source: FunctionName,
  what: string = `function "${source.name}"`,
): FunctionOrigin {
  const { appName, name, environmentName } = source;
  return { appName, name, environmentName, lookUp: () => lookUpFunction(rpc, source, what) };
}

/** A function that is found by its id, where the server can do that. */
export function originById(rpc: ModalRpc, functionId: string): FunctionOrigin {
  return { appName: "", name: "", functionId, lookUp: () => lookUpFunctionId(rpc, functionId) };
}

/** Finds a function by its id (`FunctionGetById`). */
async function lookUpFunctionId(rpc: ModalRpc, functionId: string): Promise<FunctionHandle> {
  try {
    const { handleMetadata } = await rpc.functionGetById({ functionId });
    if (handleMetadata) return { functionId, metadata: handleMetadata };
    throw new NotFoundError(`The server knows nothing of the function ${functionId}; look it up by its name.`);
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new InvalidError(
      `This server cannot look up a function by its id, so ${functionId} cannot be called; use functions.fromName.`,
      { cause: error },
    );
  }
}

/**
 * Refuses functions that cannot be called with plain arguments.
 *
 * @throws InvalidError for web endpoints, and functions that take neither CBOR nor pickle
 */
export function assertCallable({ metadata }: FunctionHandle): void {
  const { functionName } = metadata;
  if (metadata.webUrl) {
    throw new InvalidError(`${functionName} is a web endpoint; send it HTTP requests at ${metadata.webUrl} instead.`);
  }
  if (inputFormat(metadata.supportedInputFormats) === undefined) {
    throw new InvalidError(
      `${functionName} takes neither CBOR nor pickled arguments; deploy it again as a plain function.`,
    );
  }
}

/** @throws InvalidError for a generator */
export function assertReturns({ metadata }: FunctionHandle): void {
  if (!isGenerator(metadata)) return;
  throw new InvalidError(
    `${metadata.functionName} is a generator function, with many results a call; call it by itself, with remoteGen() or Run.`,
  );
}

/** @throws InvalidError for a function that is no generator */
export function assertYields({ metadata }: FunctionHandle): void {
  if (isGenerator(metadata)) return;
  throw new InvalidError(`${metadata.functionName} is not a generator function; call it with remote() instead.`);
}

/** Whether a call yields many values. */
export function isGenerator({ functionType }: FunctionHandleMetadata): boolean {
  return functionType === Function_FunctionType.GENERATOR;
}
