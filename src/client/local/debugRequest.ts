import { encodeFrame } from "../../proto/frames.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";
import { encodeCbor } from "../payloads/cbor.ts";
import { type LocalFunctionOptions, sourcePlace } from "./localFunction.ts";
import { localRequest } from "./localRequest.ts";

/**
 * A local call as the bytes of a file, for our script `debug.py`: a debugger starts that by itself, without our pipes.
 *
 * @throws SerializationError when the arguments have no form in CBOR
 */
export function debugRequest(options: LocalFunctionOptions, args: readonly unknown[], kwargs: Kwargs): Uint8Array {
  const place = sourcePlace(options);
  const payload = encodeCbor([args, kwargs, place.parameters]);
  return Buffer.concat(encodeFrame(localRequest(place, "any"), [payload]));
}
