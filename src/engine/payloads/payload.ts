import { INLINE_BYTES } from "../../proto/valueFiles.ts";

/** A serialized value: its bytes, or the file that has them where they are many. */
export type Payload = Uint8Array | PayloadFile;

/** A file in the folder of payloads. It never changes. */
export interface PayloadFile {
  /** The name of the file, and the id by which clients ask for it. */
  readonly blobId: string;
  /** Bytes. */
  readonly length: number;
}

export function isFile(payload: Payload): payload is PayloadFile {
  return !(payload instanceof Uint8Array);
}

/** How much of an answer's size a payload takes. */
export function inlineLength(payload: Payload): number {
  return isFile(payload) && payload.length > INLINE_BYTES ? 0 : payload.length;
}
