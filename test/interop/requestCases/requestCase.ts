import type { ModalClient } from "../../../src/client/index.ts";
import type { Answers } from "../recordingServer.ts";

/** Something that users do with the client, and all that it sends for that. */
export interface RequestCase {
  readonly does: string;
  /** Answers to the RPCs; all others are answered with an empty message. Told where the server itself is, and a storage for blobs. */
  readonly answers: Answers | ((places: Places) => Answers);
  readonly act: (modal: ModalClient) => Promise<unknown>;
  readonly returns: unknown;
  /** RPCs with their fields as the SDK reads them, in its JSON form: what is 0 or empty is left out, bytes are base64. */
  readonly sends: readonly (readonly [method: string, fields: object])[];
  /** Whether requests of different methods may change places. Default: false. */
  readonly sendsAtOnce?: boolean;
}

/** Where things are while a case runs. */
interface Places {
  readonly url: string;
  readonly storageUrl: string;
}

/** The environment of the client that the cases get. */
export const ENVIRONMENT = "dev";

/** `[[7], {}]` and `[[8], {}]` as CBOR: an array of two, an array of one, the number, an empty map. */
export const SEVEN = Buffer.from([0x82, 0x81, 7, 0xa0]).toString("base64");
export const EIGHT = Buffer.from([0x82, 0x81, 8, 0xa0]).toString("base64");
/** 49 and 64 as CBOR. */
export const FORTY_NINE = Buffer.from([0x18, 49]);
export const SIXTY_FOUR = Buffer.from([0x18, 64]);

/** Numbers of Modal's enums, which the SDK does not export. */
export const DataFormat = { PICKLE: 1, CBOR: 4, GENERATOR_DONE: 3 } as const;
export const FunctionType = { GENERATOR: 1, FUNCTION: 2 } as const;
export const Status = { SUCCESS: 1, INTERNAL_FAILURE: 6 } as const;

/** The answer that describes `my-app.square`, and the request for it. */
export const SQUARE = functionAnswer(FunctionType.FUNCTION);
export const GET_SQUARE = [
  "FunctionGet",
  { appName: "my-app", objectTag: "square", environmentName: ENVIRONMENT },
] as const;

export function functionAnswer(functionType: number, metadata: object = {}) {
  const supportedInputFormats = [DataFormat.PICKLE, DataFormat.CBOR];
  const handleMetadata = { functionName: "square", functionType, supportedInputFormats, ...metadata };
  return { FunctionGet: { functionId: "fu-1", handleMetadata } };
}

/** An input in a request. */
export function input(args: string, idx = 0) {
  return { ...(idx > 0 && { idx }), input: { args, dataFormat: "DATA_FORMAT_CBOR" } };
}

/** An input in an answer. */
export function acceptedInput(idx: number) {
  return { idx, inputId: `in-${idx}`, inputJwt: `jwt-${idx}` };
}

/** An output in an answer. */
export function output(data: Uint8Array, idx = 0, dataFormat: number = DataFormat.CBOR) {
  return { idx, inputId: `in-${idx}`, taskId: "ta-1", dataFormat, result: { status: Status.SUCCESS, data } };
}

/** The output of an attempt that was lost, which clients try again at once. */
export function lostOutput(idx = 0) {
  return { idx, result: { status: Status.INTERNAL_FAILURE, exception: "lost" } };
}
