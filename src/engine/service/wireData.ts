import { INLINE_BYTES, isFile, type Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";

/** A payload as it stands in a message: itself, or for a large one the blob that it can be downloaded as. */
export function wireData(payloads: PayloadFiles, payload: Payload) {
  if (isFile(payload) && payload.length > INLINE_BYTES) return { case: "dataBlobId", value: payload.blobId } as const;
  return { case: "data", value: payloads.read(payload) } as const;
}
