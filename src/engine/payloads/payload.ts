/** A serialized value: its bytes, or the file that has them where they are many. */
export type Payload = Uint8Array | PayloadFile;

/** A file in the folder of payloads. It never changes. */
export interface PayloadFile {
  /** The name of the file, and the id by which clients ask for it. */
  readonly blobId: string;
  /** Bytes. */
  readonly length: number;
}

/** From this size on a payload is a file: a database would write it twice, to its log and to its pages. */
export const FILE_BYTES = 128 * 1024;

/** Above this size a result goes to clients as a blob, by HTTP; below, in the answer itself. Modal's own number; up to 8 MB both ways took
 * the same time. */
export const INLINE_BYTES = 2 * 1024 * 1024;

export function isFile(payload: Payload): payload is PayloadFile {
  return !(payload instanceof Uint8Array);
}

/** How much of an answer's size a payload takes. */
export function inlineLength(payload: Payload): number {
  return isFile(payload) && payload.length > INLINE_BYTES ? 0 : payload.length;
}
