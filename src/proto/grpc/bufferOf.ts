/** The same bytes as a Buffer, which is what grpc-js wants; `Buffer.from` would copy them. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
