const same = (bytes: Buffer) => bytes;

const plain = {
  requestStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} as const;

/** A unary method whose messages are plain bytes. */
export const echo = { ...plain, path: "/bench.Bare/Echo", responseStream: false } as const;

/** A server stream of plain bytes; the request is the text of how many messages. */
export const stream = { ...plain, path: "/bench.Bare/Stream", responseStream: true } as const;
