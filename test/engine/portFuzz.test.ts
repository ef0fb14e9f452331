import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { Engine } from "../../src/proto/gen/engine_pb.js";
import { ModalClient } from "../../src/proto/gen/modal_pb.js";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { EngineHarness } from "./engineHarness.ts";

/** What every connection of HTTP/2 begins with. https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** What the header of a message of gRPC says, and how long it is: compression, then the length. */
const MESSAGE_HEADER_BYTES = 5;
const FORBIDDEN = new Set(["shutDown"]);

/** A frame of HTTP/2 with a length that may be wrong. */
const http2Frame = fc
  .record({
    type: fc.nat(12),
    flags: fc.nat(255),
    stream: fc.nat(9),
    payload: fc.uint8Array({ maxLength: 40 }),
    more: fc.nat(3),
  })
  .map(({ type, flags, stream, payload, more }) => {
    const header = Buffer.from([0, 0, payload.length + (more === 0 ? 7 : 0), type, flags, 0, 0, 0, stream]);
    return Buffer.concat([header, payload]);
  });

const conversation = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ maxLength: 200 }).map((text) => Buffer.from(`GET /${text} HTTP/1.1\r\nHost: ${text}\r\n\r\n`)),
  fc.array(http2Frame, { maxLength: 8 }).map((frames) => Buffer.concat([PREFACE, SETTINGS, ...frames])),
);

test("bytes that are no HTTP/2 end the connection, and nothing else", FUZZ_LIMIT, async (t) => {
  const harness = await EngineHarness.start(t);
  const port = Number(new URL(harness.ready.url).port);
  const engine = harness.engine();
  await fc.assert(
    fc.asyncProperty(conversation, async (bytes) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {}); // It may be reset while we write.
      await once(socket, "connect");
      socket.end(bytes);
      socket.resume();
      assert.equal((await engine.getStatus({})).pid, harness.ready.pid);
      socket.destroy();
    }),
    fuzzed(300),
  );
});

const paths = [ModalClient, Engine].flatMap(({ typeName, method }) =>
  Object.entries(method).flatMap(([key, { name }]) => (FORBIDDEN.has(key) ? [] : [`/${typeName}/${name}`])),
);

/** A message of gRPC whose length may not be that of its bytes. */
const message = fc
  .record({
    compressed: fc.oneof(fc.constant(0), fc.nat(255)),
    body: fc.uint8Array({ maxLength: 80 }),
    more: fc.constantFrom(0, 0, 0, 1, 2 ** 31),
  })
  .map(({ compressed, body, more }) => {
    const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
    header.writeUInt8(compressed, 0);
    header.writeUInt32BE(body.length + more, 1);
    return Buffer.concat([header, body]);
  });

const token = (text: string) => text.replaceAll(/[^\x21-\x7e]/g, "_");
const metadata = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }).map((name) => `x-${name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`),
  fc.oneof(fc.string({ maxLength: 40 }), fc.string({ minLength: 3_000, maxLength: 6_000 })).map(token),
  { maxKeys: 4 },
);

test("messages that are none are refused, and nothing else", FUZZ_LIMIT, async (t) => {
  const harness = await EngineHarness.start(t);
  const engine = harness.engine();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        path: fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...paths) },
          { weight: 1, arbitrary: fc.webPath().map((path) => path || "/") },
        ),
        method: fc.constantFrom("POST", "POST", "POST", "GET", "PUT"),
        hasToken: fc.boolean(),
        metadata,
        message,
      }),
      async ({ path, method, hasToken, metadata, message }) => {
        const session = connectHttp2(harness.ready.url);
        session.on("error", () => {}); // The engine may close it at once.
        const request = session.request({
          ":path": path,
          ":method": method,
          "content-type": "application/grpc",
          te: "trailers",
          ...metadata,
          ...(hasToken && harness.tokens()),
        });
        request.on("error", () => {});
        request.resume();
        request.end(message);
        assert.equal((await engine.getStatus({})).pid, harness.ready.pid);
        request.close(constants.NGHTTP2_CANCEL);
        session.destroy();
      },
    ),
    fuzzed(300),
  );
});
