import { isFile, type Payload } from "../payloads/payload.ts";

/** What deleting rows leaves to be done: the bytes of their payloads, and the files that no row names any more. */
export interface DeletedPayloads {
  readonly bytes: number;
  readonly blobIds: readonly string[];
}

const NOTHING = new Uint8Array();

/** A payload as three columns: its bytes, or its file and how many bytes that has. */
export function payloadColumns(payload: Payload): [Uint8Array, string | null, number | null] {
  return isFile(payload) ? [NOTHING, payload.blobId, payload.length] : [payload, null, null];
}

export function payloadFromColumns(bytes: unknown, blobId: unknown, length: unknown): Payload {
  if (typeof blobId === "string") return { blobId, length: Number(length) };
  return bytes instanceof Uint8Array ? bytes : NOTHING;
}
