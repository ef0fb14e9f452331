import { DataFormat, type FunctionGetOutputsItem, GenericResult_GenericStatus } from "../../proto/gen/modal_pb.js";
import { FunctionTimeoutError, InternalFailure, RemoteError } from "../errors.ts";
import { type DataFormatName, decodePayload, type References } from "../payloads/payload.ts";
import { ValueBytes } from "../payloads/valueBytes.ts";
import { PythonException } from "../pickle/pythonException.ts";
import { PythonObject } from "../pickle/pythonObject.ts";

/** How an input ended, by the names of Modal's `GenericResult.GenericStatus`. */
export type ResultStatus =
  | "UNSPECIFIED"
  | "SUCCESS"
  | "FAILURE"
  | "TERMINATED"
  | "TIMEOUT"
  | "INIT_FAILURE"
  | "INTERNAL_FAILURE"
  | "IDLE_TIMEOUT"
  | "MEMORY_MANAGER_EVICTION";

/**
 * What became of one input: how it ended, and its value or exception. The value is decoded when it is asked for; a large one has to be
 * downloaded first, with {@link Output.load}.
 */
export class Output {
  /** Position of the input in its call, from 0. */
  readonly index: number;
  /** `in-…` */
  readonly inputId: string;
  /** The container that ran it, `ta-…`; empty when it never ran. */
  readonly taskId: string;
  /** How the input ended. */
  readonly status: ResultStatus;
  /** How often the input had been tried before. */
  readonly retryCount: number;
  /** When the function began, in unix milliseconds; 0 when it never did. */
  readonly startedAt: number;
  /** When the output was made, in unix milliseconds. */
  readonly createdAt: number;
  /** How the value is serialized. */
  readonly dataFormat: DataFormatName;
  /** `repr()` of the exception that was raised, or why there is no result; empty on success. */
  readonly exception: string;
  /** Formatted Python traceback, or an empty string. */
  readonly traceback: string;
  readonly #references: References | undefined;
  readonly #bytes: ValueBytes;

  /** @internal */
  constructor(item: FunctionGetOutputsItem, references?: References) {
    const { result } = item;
    this.index = item.idx;
    this.inputId = item.inputId;
    this.taskId = item.taskId;
    this.status = nameOf(GenericResult_GenericStatus, result?.status);
    this.retryCount = item.retryCount;
    this.startedAt = item.inputStartedAt * 1_000;
    this.createdAt = item.outputCreatedAt * 1_000;
    this.dataFormat = nameOf(DataFormat, item.dataFormat);
    this.exception = result?.exception ?? "";
    this.traceback = result?.traceback ?? "";
    this.#references = references;
    this.#bytes = new ValueBytes(result?.dataOneof, references);
  }

  /** Whether {@link value} can be asked for: false for a large value that was not downloaded yet. */
  get isLoaded(): boolean {
    return this.#bytes.areLoaded;
  }

  /** Bytes of the serialized value; 0 for most failures, undefined for a value that was not downloaded yet. */
  get size(): number | undefined {
    return this.#bytes.size;
  }

  /**
   * The serialized value. Empty for most failures.
   * @throws what {@link load} failed with; DataLossError before it
   */
  get data(): Uint8Array {
    return this.#bytes.get();
  }

  /**
   * Downloads the value where it was too large to come with the output. May be called again, also after a failure.
   *
   * @throws NotFoundError when the server no longer has it, ExecutionError when it cannot be downloaded
   */
  async load(signal?: AbortSignal): Promise<this> {
    await this.#bytes.load(signal);
    return this;
  }

  /**
   * The function's return value.
   *
   * @throws FunctionTimeoutError for the status TIMEOUT, InternalFailure for INTERNAL_FAILURE, RemoteError for every other failure
   * @throws DeserializationError when the value is in a form that this client cannot read
   * @throws what {@link load} failed with; DataLossError when the value was not downloaded yet
   */
  value(): unknown {
    if (this.status !== "SUCCESS") throw this.error();
    return decodePayload(this.data, this.dataFormat, this.#references);
  }

  /** The error that {@link value} throws, or undefined for a success. */
  error(): FunctionTimeoutError | InternalFailure | RemoteError | undefined {
    switch (this.status) {
      case "SUCCESS":
        return undefined;
      case "TIMEOUT":
        return new FunctionTimeoutError(this.exception || "The function ran longer than its timeout allows.");
      case "INTERNAL_FAILURE":
        return new InternalFailure(this.exception || "The server failed while it ran the function; run it again.");
      case "TERMINATED":
        return this.#remoteError("The input was cancelled.");
      default:
        return this.#remoteError(`The input ended as ${this.status}.`);
    }
  }

  #remoteError(withoutException: string): RemoteError {
    const cause = this.#pickledException();
    const exception = this.exception || cause?.toString() || "";
    return new RemoteError(exception || withoutException, exception, this.traceback, cause && { cause });
  }

  /** The exception itself, which a failure carries when the caller reads pickles. Its format is often not named. */
  #pickledException(): PythonException | undefined {
    // What the exception is like is also told in text, so nobody waits for a large one.
    if (!this.#bytes.size || (this.dataFormat !== "PICKLE" && this.dataFormat !== "UNSPECIFIED")) return undefined;
    try {
      const value = decodePayload(this.data, "PICKLE", this.#references);
      if (value instanceof PythonException) return value;
      return value instanceof PythonObject ? new PythonException(value.module, value.name, []) : undefined;
    } catch {
      return undefined; // The failure is told in text as well.
    }
  }
}

/** An enum member's name. A number that is newer than our proto reads as unspecified. */
function nameOf<E extends Record<string, string | number>>(names: E, value: number | undefined): keyof E {
  return (names[value ?? 0] ?? names[0]) as keyof E;
}
