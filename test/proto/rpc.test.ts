import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import { DeployFailureSchema } from "../../src/proto/gen/engine_pb.js";
import { ModalClient, RPCRetryPolicySchema } from "../../src/proto/gen/modal_pb.js";
import { rpcClient } from "../../src/proto/grpc/rpcClient.ts";
import { RpcError, RpcStatus, rpcErrorFrom } from "../../src/proto/grpc/rpcError.ts";
import type { RpcContext } from "../../src/proto/grpc/rpcServer.ts";
import { rpcPair, type TaskLogsBatch } from "./rpcHarness.ts";

async function failure(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => assert.fail("It did not fail."),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

/** A handler that never answers, and tells when its caller is gone. */
function patient() {
  let called: (context: RpcContext) => void = () => {};
  const context = new Promise<RpcContext>((resolve) => {
    called = resolve;
  });
  const handler = (_request: unknown, given: RpcContext) => {
    called(given);
    return new Promise<never>(() => {});
  };
  const gone = context.then(async ({ signal }) => {
    if (!signal.aborted) await once(signal, "abort");
  });
  return { handler, called: context, gone };
}

test("a unary call takes plain objects and gives messages", async (t) => {
  const { client } = await rpcPair(t, {
    functionGet: ({ appName, objectTag }) => ({ functionId: `${appName}/${objectTag}` }),
  });
  const response = await client.functionGet({ appName: "app", objectTag: "f" });
  assert.equal(response.functionId, "app/f");
  assert.equal(response.$typeName, "modal.client.FunctionGetResponse");
});

test("a stream gives its messages in order, and ends", async (t) => {
  const { client } = await rpcPair(t, {
    appGetLogs: async function* () {
      for (let entry = 1; entry <= 500; entry++) yield { entryId: String(entry), items: [{ data: "x".repeat(1_000) }] };
    },
  });
  const entries: string[] = [];
  let portions = 0;
  for await (const batches of client.appGetLogs({})) {
    entries.push(...batches.map(({ entryId }) => entryId));
    portions += 1;
  }
  assert.deepEqual(
    entries,
    Array.from({ length: 500 }, (_, index) => String(index + 1)),
  );
  assert.ok(portions < 250, `each message came by itself: ${portions} portions`);
});

test("what a stream brought before it failed is given first", async (t) => {
  const { client } = await rpcPair(t, {
    appGetLogs: async function* () {
      for (let entry = 1; entry <= 100; entry++) yield { entryId: String(entry) };
      throw new RpcError(RpcStatus.DATA_LOSS, "The rest is lost.");
    },
  });
  let last = "";
  const read = async () => {
    for await (const batches of client.appGetLogs({})) last = batches.at(-1)?.entryId ?? "";
  };
  assert.equal((await failure(read())).code, RpcStatus.DATA_LOSS);
  assert.equal(last, "100");
});

test("an error crosses with status, sentence and details", async (t) => {
  const detail = create(DeployFailureSchema, { message: "No app — “naïve”", path: "/x.py", line: 3 });
  const thrown = RpcError.with(RpcStatus.INVALID_ARGUMENT, "No app in “x.py”.", DeployFailureSchema, detail);
  const { client } = await rpcPair(t, {
    functionGet: () => Promise.reject(thrown),
    appGetLogs: async function* () {
      yield {};
      throw thrown;
    },
  });
  const inStream = async () => {
    for await (const _ of client.appGetLogs({}));
  };
  for (const error of [await failure(client.functionGet({})), await failure(inStream())]) {
    assert.equal(error.code, RpcStatus.INVALID_ARGUMENT);
    assert.equal(error.codeName, "INVALID_ARGUMENT");
    assert.equal(error.message, "No app in “x.py”.");
    assert.deepEqual(error.detail(DeployFailureSchema), detail);
    assert.equal(error.detail(RPCRetryPolicySchema), undefined);
    assert.ok(error.cause instanceof Error);
  }
});

test("what a handler throws by mistake is INTERNAL, with its message", async (t) => {
  const { client } = await rpcPair(t, {
    functionGet: () => {
      throw new TypeError("x is undefined");
    },
  });
  const error = await failure(client.functionGet({}));
  assert.equal(error.code, RpcStatus.INTERNAL);
  assert.match(error.message, /x is undefined/);
});

test("a method without a handler is UNIMPLEMENTED and named, unary or stream", async (t) => {
  const { client } = await rpcPair(t, {});
  const unary = await failure(client.functionGet({}));
  assert.equal(unary.code, RpcStatus.UNIMPLEMENTED);
  assert.match(unary.message, /modal\.client\.ModalClient\/FunctionGet /);
  const stream = await failure(
    (async () => {
      for await (const _ of client.appGetLogs({}));
    })(),
  );
  assert.equal(stream.code, RpcStatus.UNIMPLEMENTED);
  assert.match(stream.message, /AppGetLogs/);
});

test("a deadline ends the call on both sides", async (t) => {
  const { handler, gone } = patient();
  const { client } = await rpcPair(t, { functionGet: handler });
  const error = await failure(client.functionGet({}, { timeoutMs: 50 }));
  assert.equal(error.code, RpcStatus.DEADLINE_EXCEEDED);
  await gone;
});

test("an abort rejects with its reason and reaches the server", async (t) => {
  const { handler, called, gone } = patient();
  const { client } = await rpcPair(t, { functionGet: handler });
  const controller = new AbortController();
  const call = client.functionGet({}, { signal: controller.signal });
  await called;
  const reason = new Error("no longer wanted");
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  await gone;
  await assert.rejects(client.functionGet({}, { signal: controller.signal }), (error) => error === reason);
});

test("a stream that is left, or aborted, ends its handler", async (t) => {
  let running = 0;
  let ended: () => void = () => {};
  const { client } = await rpcPair(t, {
    appGetLogs: async function* (_request, { signal }) {
      running += 1;
      try {
        yield { entryId: "1" };
        await once(signal, "abort");
      } finally {
        running -= 1;
        ended();
      }
    },
  });
  const handlerEnds = () =>
    new Promise<void>((resolve) => {
      ended = resolve;
    });

  const left = handlerEnds();
  const seen: TaskLogsBatch[] = [];
  for await (const batches of client.appGetLogs({})) {
    seen.push(...batches);
    break;
  }
  await left;
  assert.equal(seen.length, 1);

  const controller = new AbortController();
  const aborted = handlerEnds();
  await assert.rejects(
    async () => {
      for await (const _ of client.appGetLogs({}, { signal: controller.signal })) controller.abort(new Error("enough"));
    },
    { message: "enough" },
  );
  await aborted;
  assert.equal(running, 0);
});

test("a slow reader holds the stream's producer back", async (t) => {
  let produced = 0;
  const { client } = await rpcPair(t, {
    appGetLogs: async function* () {
      for (; produced < 2_000; produced++) yield { items: [{ data: "x".repeat(100_000) }] };
    },
  });
  const stream = client.appGetLogs({})[Symbol.asyncIterator]();
  await stream.next();
  for (let before = -1; produced > before; await delay(50)) before = produced;
  assert.ok(produced < 2_000, `${produced} messages were made for one that was read`);
  await stream.return?.();
});

test("metadata of client and call goes along, and may refuse the call before its handler", async (t) => {
  let handled = 0;
  const { client } = await rpcPair(
    t,
    {
      functionGet: (_request, context) => {
        handled += 1;
        return { functionId: context.metadata("x-idempotency-key") ?? "none" };
      },
      appGetLogs: async function* () {
        handled += 1;
        yield {};
      },
    },
    {
      metadata: { "x-modal-token-id": "ak-1" },
      authorize: (context) => {
        if (context.metadata("x-modal-token-id") !== "ak-1" || context.metadata("x-refuse") !== undefined) {
          throw new RpcError(RpcStatus.UNAUTHENTICATED, "No.");
        }
      },
    },
  );
  assert.equal((await client.functionGet({})).functionId, "none");
  assert.equal((await client.functionGet({}, { metadata: { "x-idempotency-key": "7" } })).functionId, "7");
  assert.equal(handled, 2);
  const refused = { metadata: { "x-refuse": "1" } };
  assert.equal((await failure(client.functionGet({}, refused))).code, RpcStatus.UNAUTHENTICATED);
  const stream = async () => {
    for await (const _ of client.appGetLogs({}, refused));
  };
  assert.equal((await failure(stream())).code, RpcStatus.UNAUTHENTICATED);
  assert.equal(handled, 2);
});

test("a server that goes away is UNAVAILABLE, with the cause kept", async (t) => {
  const { handler, called } = patient();
  const { client, server } = await rpcPair(t, { functionGet: handler });
  const call = client.functionGet({});
  await called;
  server.forceShutdown();
  const error = await failure(call);
  assert.ok(error.code === RpcStatus.UNAVAILABLE || error.code === RpcStatus.CANCELLED, error.codeName);
  assert.equal((await failure(client.functionGet({}))).code, RpcStatus.UNAVAILABLE);
});

test("anything else that fails becomes an RpcError with its cause", () => {
  const cause = new RangeError("odd");
  const error = rpcErrorFrom(cause);
  assert.equal(error.code, RpcStatus.UNKNOWN);
  assert.equal(error.message, "odd");
  assert.equal(error.cause, cause);
  assert.equal(rpcErrorFrom(error), error);
});

test("an answer counts when it is here, whatever the status is that comes later", async (t) => {
  const { method } = ModalClient;
  const answer = toBinary(method.functionMap.output, create(method.functionMap.output, { functionCallId: "fc-1" }));
  const calls: ServerWritableStream<unknown, Buffer>[] = [];
  const server = new Server();
  const bytes = (value: Buffer) => value;
  // Of a stream, the server says itself when its status goes.
  const definition = {
    path: `/${ModalClient.typeName}/${method.functionMap.name}`,
    requestStream: false,
    responseStream: true,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
  const handler = (call: ServerWritableStream<unknown, Buffer>) => {
    calls.push(call);
    call.write(Buffer.from(answer));
  };
  server.addService({ functionMap: definition }, { functionMap: handler });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const channel = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  t.after(() => {
    channel.close();
    server.forceShutdown();
  });
  const client = rpcClient(ModalClient, channel);
  assert.equal((await client.functionMap({})).functionCallId, "fc-1");
  const [call] = calls;
  call?.emit("error", { code: RpcStatus.INTERNAL, details: "too late" });
  assert.equal((await client.functionMap({})).functionCallId, "fc-1");
});
