import type { DataFormat } from "../proto/gen/modal_pb.js";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { DeserializationError, InvalidError } from "./errors.ts";

/** The name of a payload's format on the wire. */
export type DataFormatName = keyof typeof DataFormat;

/**
 * Serializes the arguments of one input: the pair of positional and keyword arguments.
 *
 * @param limitBytes the most that the server takes inline
 * @throws SerializationError when a value has no form in Python
 * @throws InvalidError when the arguments are larger than the server takes
 */
export function encodeArguments(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  limitBytes: number,
): Uint8Array {
  const bytes = encodeCbor([args, kwargs]);
  if (bytes.length > limitBytes) {
    throw new InvalidError(
      `The arguments take ${bytes.length.toLocaleString("en")} bytes, and this server accepts at most ${limitBytes.toLocaleString("en")} for one input; send less at once.`,
    );
  }
  return bytes;
}

/**
 * Reads a payload that came from a server.
 *
 * @throws DeserializationError when the format is not one that this client reads, or the bytes are damaged
 */
export function decodePayload(data: Uint8Array, format: DataFormatName): unknown {
  if (format === "CBOR") return decodeCbor(data);
  if (format === "GENERATOR_DONE") {
    throw new DeserializationError("The call is one of a generator; read what it yielded with getGen() instead.");
  }
  throw new DeserializationError(
    `The result is in the format ${format}, which this client cannot read; make the call from here, so that it comes back as CBOR.`,
  );
}
