import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { encode } from "cbor-x";
import { InternalError } from "../../src/client/index.ts";
import {
  DataFormat,
  Function_FunctionType,
  FunctionCallInvocationType,
  FunctionCallType,
  GeneratorDoneSchema,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import type { RpcContext } from "../../src/proto/grpc/rpcServer.ts";
import { collect, FakeModal, outputItem } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

function chunk(index: number, value: unknown = index) {
  return {
    index: BigInt(index),
    dataFormat: DataFormat.CBOR,
    dataOneof: { case: "data" as const, value: encode(value) },
  };
}

/** Holds a stream until its reader goes. */
function held({ signal }: RpcContext): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A server whose one function is a generator: its output says that it yielded so many items, or that it failed. */
async function generatorServer(items: number | "fails"): Promise<FakeModal> {
  const server = await FakeModal.start();
  server.functionMetadata = { functionType: Function_FunctionType.GENERATOR };
  const value = toBinary(GeneratorDoneSchema, create(GeneratorDoneSchema, { itemsTotal: BigInt(Number(items) || 0) }));
  const done = { ...outputItem(0, Status.SUCCESS), dataFormat: DataFormat.GENERATOR_DONE };
  const output =
    items === "fails"
      ? outputItem(0, Status.FAILURE, { exception: "ValueError('boom')", traceback: "Traceback …" })
      : { ...done, result: { ...done.result, dataOneof: { case: "data" as const, value } } };
  server.intercept("functionGetOutputs", () => ({ outputs: [output], lastEntryId: "1-0", numUnfinishedInputs: 0 }));
  return server;
}

test("a generator is called as Modal's client does, and its held stream is closed", LIMIT, async () => {
  await using server = await generatorServer(2);
  server.intercept("functionCallGetDataOut", async function* (_request, context) {
    yield chunk(1, "a");
    yield chunk(2, "b");
    await held(context);
  });
  const values = await collect(server.client().functions.fromName("app", "f").remoteGen([1]));
  assert.deepEqual(values, ["a", "b"]);
  const [map] = server.requests("functionMap");
  const { functionCallType, functionCallInvocationType } = (map?.request ?? {}) as Record<string, unknown>;
  assert.equal(functionCallType, FunctionCallType.UNARY);
  assert.equal(functionCallInvocationType, FunctionCallInvocationType.SYNC_LEGACY);
  assert.equal(server.requests("functionCallCancel").length, 0);
  const [stream] = server.requests("functionCallGetDataOut");
  if (!stream?.signal.aborted) await new Promise((resolve) => stream?.signal.addEventListener("abort", resolve));
});

test("items can be read from any place on, and say where they stand", LIMIT, async () => {
  await using server = await generatorServer(3);
  server.intercept("functionCallGetDataOut", async function* (_request, context) {
    yield chunk(2, "b");
    yield chunk(3, "c");
    await held(context);
  });
  const call = await server.client().functions.fromName("app", "f").spawn();
  const items = await collect(call.items({ skip: 1 }));
  assert.deepEqual(
    items.map((item) => [item.index, item.size, item.value()]),
    [
      [1, 2, "b"],
      [2, 2, "c"],
    ],
  );
  const [stream] = server.requests("functionCallGetDataOut");
  const { lastIndex } = (stream?.request ?? {}) as { lastIndex?: bigint };
  assert.equal(lastIndex, 1n);
});

test("no items: the end comes from the output alone", LIMIT, async () => {
  await using server = await generatorServer(0);
  server.intercept("functionCallGetDataOut", async function* (_request, context) {
    await held(context);
    yield* [];
  });
  assert.deepEqual(await collect(server.client().functions.fromName("app", "f").remoteGen()), []);
});

test(
  "a stream that breaks or ends is opened again after the last item, and repeated items are skipped",
  LIMIT,
  async () => {
    await using server = await generatorServer(4);
    server.intercept(
      "functionCallGetDataOut",
      async function* () {
        yield chunk(1);
        throw new RpcError(RpcStatus.UNAVAILABLE, "broken");
      },
      async function* () {
        yield chunk(1);
        yield chunk(2);
      },
      async function* () {
        yield chunk(3);
        throw new RpcError(RpcStatus.INTERNAL, "broken");
      },
      async function* (_request, context) {
        yield chunk(4);
        await held(context);
      },
    );
    assert.deepEqual(await collect(server.client().functions.fromName("app", "f").remoteGen()), [1, 2, 3, 4]);
    const asked = server
      .requests("functionCallGetDataOut")
      .map(({ request }) => (request as { lastIndex: bigint }).lastIndex);
    assert.deepEqual(asked, [0n, 1n, 2n, 3n]);
  },
);

test("a stream that stays broken is given up after ten more tries", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  server.fail("functionCallGetDataOut", RpcStatus.INTERNAL, 20, "broken for good");
  const call = await server.client().functions.fromName("app", "f").spawn();
  await assert.rejects(
    collect(call.getGen()),
    (error) => error instanceof InternalError && /for good/.test(error.message),
  );
  assert.equal(server.requests("functionCallGetDataOut").length, 11);
});

test("a failure is raised after the items that came before it, though the server holds the stream", LIMIT, async () => {
  await using server = await generatorServer("fails");
  server.intercept("functionCallGetDataOut", async function* (_request, context) {
    yield chunk(1);
    yield chunk(2);
    await held(context);
  });
  const got: unknown[] = [];
  const read = async () => {
    for await (const item of server.client().functions.fromName("app", "f").remoteGen()) got.push(item);
  };
  await assert.rejects(read(), { name: "RemoteError", exception: "ValueError('boom')", traceback: "Traceback …" });
  assert.deepEqual(got, [1, 2]);
});

test("leaving the loop early cancels the call of remoteGen, and not the one that getGen reads", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.functionMetadata = { functionType: Function_FunctionType.GENERATOR };
  server.run = () => new Promise(() => {});
  const endless = async function* (_request: unknown, context: RpcContext) {
    yield chunk(1);
    await held(context);
  };
  server.intercept("functionCallGetDataOut", endless, endless);
  const fn = server.client().functions.fromName("app", "f");
  const call = await fn.spawn();
  for await (const item of call.getGen()) if (item === 1) break;
  assert.equal(server.requests("functionCallCancel").length, 0);
  for await (const item of fn.remoteGen()) if (item === 1) break;
  assert.equal(server.requests("functionCallCancel").length, 1);
});

test("a call of another function has nothing to iterate over", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => 1;
  server.intercept("functionCallGetDataOut", async function* (_request, context) {
    await held(context);
    yield* [];
  });
  const fn = server.client().functions.fromName("app", "f");
  const call = await fn.spawn();
  await assert.rejects(collect(call.getGen()), {
    name: "InvalidError",
    message: /not the call of a generator.*get\(\)/,
  });
  await assert.rejects(collect(fn.remoteGen()), { name: "InvalidError", message: /remote\(\)/ });
});

test("an item in a form that this client cannot read says so", LIMIT, async () => {
  await using server = await generatorServer(1);
  server.intercept("functionCallGetDataOut", async function* () {
    yield { ...chunk(1), dataFormat: DataFormat.ASGI };
  });
  const items = collect(server.client().functions.fromName("app", "f").remoteGen());
  await assert.rejects(items, { name: "DeserializationError", message: /ASGI/ });
});
