import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, type MessageInitShape, toBinary, toJson } from "@bufbuild/protobuf";
import { decode, Encoder } from "cbor-x";
import { type Receive, responsePiece, WebRequest } from "../../src/engine/workers/modal/webRequest.ts";
import type { WorkerReply } from "../../src/engine/workers/worker.ts";
import { AsgiSchema } from "../../src/proto/gen/modal_pb.js";

const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
const bytes = (text: string) => Buffer.from(text);

function request(more: object = {}): WebRequest {
  const described = {
    method: "POST",
    target: "/caf%C3%A9?x=1&y=%20",
    headers: [["Content-Type", "text/plain"]],
    http_version: "1.1",
    client: ["127.0.0.1", 50_000],
    server: ["127.0.0.1", 20_000],
    has_body: true,
    upgrade: null,
    request_id: "r",
    ...more,
  };
  return new WebRequest(cbor.encode([[described], {}]));
}

/** What is asked for, answered in turn. */
function client(...replies: WorkerReply[]) {
  const asked: object[] = [];
  const receive: Receive = async (params) => {
    asked.push(params);
    const reply = replies.shift();
    assert.ok(reply, "nothing more is asked for");
    return reply;
  };
  return { asked, receive };
}

async function eventsOf(web: WebRequest, receive: Receive): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of web.events(receive)) events.push(toJson(AsgiSchema, fromBinary(AsgiSchema, event)));
  return events;
}

function pieceOf(type: NonNullable<MessageInitShape<typeof AsgiSchema>["type"]>): unknown {
  const piece = responsePiece(toBinary(AsgiSchema, create(AsgiSchema, { type })));
  return piece && decode(piece);
}

test("the argument of a request is a scope of ASGI", () => {
  assert.deepEqual(decode(request().args), [
    [
      {
        type: "http",
        asgi: { version: "3.0" },
        http_version: "1.1",
        scheme: "http",
        path: "/café",
        raw_path: bytes("/caf%C3%A9"),
        query_string: bytes("x=1&y=%20"),
        root_path: "",
        headers: [[bytes("content-type"), bytes("text/plain")]],
        client: ["127.0.0.1", 50_000],
        server: ["127.0.0.1", 20_000],
        method: "POST",
      },
    ],
    {},
  ]);
});

test("a websocket's scope has the subprotocols that the client offers, and no method", () => {
  const headers = [
    ["Sec-WebSocket-Protocol", "chat, graphql"],
    ["sec-websocket-protocol", "mqtt"],
  ];
  const [[scope]] = decode(request({ upgrade: "websocket", headers }).args);
  assert.deepEqual(
    [scope.type, scope.scheme, scope.method, scope.subprotocols],
    ["websocket", "ws", undefined, ["chat", "graphql", "mqtt"]],
  );
});

test("a body comes in the pieces in which the client sends it, and the end of the client last", async () => {
  const { asked, receive } = client(
    { value: { more_body: true }, payload: bytes("half ") },
    { value: { more_body: true }, payload: bytes("a body") },
    { value: { more_body: false } },
    { value: { gone: true } },
  );
  assert.deepEqual(await eventsOf(request(), receive), [
    { httpRequest: { body: bytes("half ").toString("base64"), moreBody: true } },
    { httpRequest: { body: bytes("a body").toString("base64"), moreBody: true } },
    { httpRequest: {} },
    { httpDisconnect: {} },
  ]);
  assert.deepEqual(asked, [
    { request_id: "r", position: 0 },
    { request_id: "r", position: 5 },
    { request_id: "r", position: 11 },
    { request_id: "r", position: 0, wants_end: true },
  ]);
});

test("a request without a body is complete at once", async () => {
  const { asked, receive } = client({ value: { gone: true } });
  assert.deepEqual(await eventsOf(request({ has_body: false }), receive), [
    { httpRequest: {} },
    { httpDisconnect: {} },
  ]);
  assert.deepEqual(asked, [{ request_id: "r", position: 0, wants_end: true }]);
});

test("a websocket's messages come one by one, up to its end", async () => {
  const { asked, receive } = client(
    { value: { message: "text" }, payload: bytes("héllo") },
    { value: { message: "bytes" }, payload: bytes("x") },
    { value: { message: "disconnect", code: 1001, reason: "" } },
  );
  assert.deepEqual(await eventsOf(request({ upgrade: "websocket" }), receive), [
    { websocketConnect: {} },
    { websocketReceive: { text: "héllo" } },
    { websocketReceive: { bytes: "eA==" } },
    { websocketDisconnect: { code: 1001 } },
  ]);
  assert.deepEqual(
    asked.map((params) => (params as { position: number }).position),
    [0, 1, 2],
  );
});

test("what an app sends becomes pieces of a response or of a websocket", () => {
  const headers = [bytes("X-Name"), Buffer.from("né", "latin1"), bytes("x-name"), bytes("2")];
  const named = [
    ["X-Name", "né"],
    ["x-name", "2"],
  ];
  assert.deepEqual(pieceOf({ case: "httpResponseStart", value: { status: 201, headers } }), {
    status: 201,
    headers: named,
  });
  assert.deepEqual(pieceOf({ case: "httpResponseBody", value: { body: bytes("a"), moreBody: true } }), {
    body: bytes("a"),
    more_body: true,
  });
  assert.deepEqual(pieceOf({ case: "websocketAccept", value: { headers } }), { accept: null, headers: named });
  assert.deepEqual(pieceOf({ case: "websocketAccept", value: { subprotocol: "chat" } }), {
    accept: "chat",
    headers: [],
  });
  assert.deepEqual(pieceOf({ case: "websocketSend", value: { content: { case: "text", value: "a" } } }), { text: "a" });
  assert.deepEqual(pieceOf({ case: "websocketSend", value: { content: { case: "bytes", value: bytes("a") } } }), {
    bytes: bytes("a"),
  });
  assert.deepEqual(pieceOf({ case: "websocketClose", value: {} }), { close: 1000, reason: "" });
  assert.deepEqual(pieceOf({ case: "websocketClose", value: { code: 4000, reason: "why" } }), {
    close: 4000,
    reason: "why",
  });
  assert.equal(pieceOf({ case: "httpResponseTrailers", value: {} }), undefined);
});
