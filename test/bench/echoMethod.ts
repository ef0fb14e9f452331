const same = (bytes: Buffer) => bytes;

/** A unary method whose messages are plain bytes. */
export const echo = {
  path: "/bench.Bare/Echo",
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} as const;
