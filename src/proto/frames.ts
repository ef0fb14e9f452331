/**
 * What a process of ours and its Python process say to each other on a pipe: a frame is two 4-byte big-endian lengths, a JSON header
 * of the first length, and payload bytes of the second. Serialized values stay outside the JSON, so that they are never copied
 * through text.
 */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Uint8Array;
}

const LENGTHS = 8;
/** Far above any header that we make; a longer one means that the other side lost its place. */
const MAX_HEADER = 64 * 1024 * 1024;

export function encodeFrame(header: object, payloads: readonly Uint8Array[] = []): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.allocUnsafe(LENGTHS);
  lengths.writeUInt32BE(json.length, 0);
  lengths.writeUInt32BE(
    payloads.reduce((size, payload) => size + payload.length, 0),
    4,
  );
  return [lengths, json, ...payloads];
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before it is worth looking again. */
  #wanted = LENGTHS;

  /**
   * Takes the next bytes and returns the frames that are complete with them.
   *
   * @throws Error when the stream is not made of frames
   */
  *read(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let offset = 0;
    for (;;) {
      const left = bytes.length - offset;
      const length = left < LENGTHS ? LENGTHS : frameLength(bytes, offset);
      if (left < length || left < LENGTHS) {
        this.#wanted = length;
        break;
      }
      yield frameAt(bytes, offset, length);
      offset += length;
    }
    this.#chunks = offset === bytes.length ? [] : [bytes.subarray(offset)];
    this.#size = bytes.length - offset;
  }
}

function frameLength(bytes: Buffer, offset: number): number {
  const header = bytes.readUInt32BE(offset);
  if (header > MAX_HEADER) throw new Error(`A frame header of ${header} bytes is not possible.`);
  return LENGTHS + header + bytes.readUInt32BE(offset + 4);
}

function frameAt(bytes: Buffer, offset: number, length: number): Frame {
  const headerEnd = offset + LENGTHS + bytes.readUInt32BE(offset);
  const header: unknown = JSON.parse(bytes.toString("utf8", offset + LENGTHS, headerEnd));
  if (typeof header !== "object" || header === null) throw new Error("A frame header is a JSON object.");
  return { header: header as Record<string, unknown>, payload: bytes.subarray(headerEnd, offset + length) };
}
