import { DataFormat } from "../../proto/gen/modal_pb.js";
import { DeserializationError } from "../errors.ts";
import { modalObjects } from "../pickle/modalObjects.ts";
import { decodePickle } from "../pickle/pickleReader.ts";
import { pickleArguments } from "../pickle/pickleWriter.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";

/** The name of a payload's format on the wire. */
export type DataFormatName = "UNSPECIFIED" | "PICKLE" | "ASGI" | "GENERATOR_DONE" | "CBOR";

/** The formats that arguments are written in. */
export type InputFormat = DataFormat.CBOR | DataFormat.PICKLE;

/** How to get at what a value refers to and does not contain. */
export interface References {
  /** Makes the handle on a function call that stands in a value. */
  openCall(functionCallId: string): unknown;
  /** Fetches the bytes of a value that the server keeps as a blob. */
  downloadBlob(blobId: string, signal?: AbortSignal): Promise<Uint8Array>;
}

/**
 * The format for a function's arguments: CBOR where it takes that, since results come back in the same format, else pickle. Undefined
 * when it takes neither.
 *
 * @param supported as the function's handle lists them; an empty list means pickle
 */
export function inputFormat(supported: readonly DataFormat[]): InputFormat | undefined {
  if (supported.includes(DataFormat.CBOR)) return DataFormat.CBOR;
  return supported.length === 0 || supported.includes(DataFormat.PICKLE) ? DataFormat.PICKLE : undefined;
}

/**
 * Serializes the arguments of one input: the pair of positional and keyword arguments.
 *
 * @throws SerializationError when a value has no form in Python
 */
export function encodeArguments(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  format: InputFormat,
): Uint8Array {
  return format === DataFormat.CBOR ? encodeCbor([args, kwargs]) : pickleArguments(args, kwargs);
}

/**
 * Reads a payload that came from a server.
 *
 * @param references makes handles on the function calls that stand in it; without it they are only described
 * @throws DeserializationError when the format is not one that this client reads, or the bytes are damaged
 */
export function decodePayload(
  data: Uint8Array,
  format: DataFormatName,
  references?: Pick<References, "openCall">,
): unknown {
  if (format === "CBOR") return decodeCbor(data);
  if (format === "PICKLE")
    return decodePickle(data, modalObjects(references && ((functionCallId) => references.openCall(functionCallId))));
  if (format === "GENERATOR_DONE") {
    throw new DeserializationError("The call is one of a generator; read what it yielded with getGen() instead.");
  }
  throw new DeserializationError(
    `The result is in the format ${format}, which this client cannot read; return data that is not a web response.`,
  );
}
