import { damaged } from "./damage.ts";
import { decodeText } from "./pythonText.ts";

/** Reads a pickle's bytes from front to back. Every method throws DeserializationError when there are not enough of them. */
export class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  get length(): number {
    return this.#bytes.length;
  }

  uint8(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#advance(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  /** A length of 64 bits. What is beyond 2^53 is not exact, which no length needs to be. */
  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#advance(8)));
  }

  float64(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  /** A view of the pickle's own memory, not a copy. */
  bytes(length: number): Uint8Array {
    const from = this.#advance(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + from, length);
  }

  text(length: number): string {
    const from = this.#advance(length);
    return decodeText(this.#bytes, from, from + length);
  }

  latin1(length: number): string {
    const from = this.#advance(length);
    return this.#bytes.toString("latin1", from, from + length);
  }

  /** The text up to the next line feed, one character per byte. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end === -1) throw damaged("its end is missing");
    const text = this.latin1(end - this.#position);
    this.#position = end + 1;
    return text;
  }

  /** Throws when fewer bytes than these are left. */
  expect(length: number): void {
    if (length < 0 || length > this.#bytes.length - this.#position) throw damaged("its end is missing");
  }

  #advance(length: number): number {
    this.expect(length);
    const from = this.#position;
    this.#position += length;
    return from;
  }
}
