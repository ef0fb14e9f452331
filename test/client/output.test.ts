import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { encode } from "cbor-x";
import { DataLossError, RemoteError } from "../../src/client/index.ts";
import { DataFormat, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FakeModal, outputItem } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("an output has its value and bytes, or its error", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([x]) => {
    if (x === 1) throw new Error("one");
    return x;
  };
  const call = await server
    .client()
    .functions.fromName("app", "f")
    .spawnMap([[0], [1]]);
  await call.get();
  const [good, bad] = [await call.output(0), await call.output(1)];
  assert.deepEqual([good.status, good.value(), good.error()], ["SUCCESS", 0, undefined]);
  assert.deepEqual([good.isLoaded, good.size, [...good.data]], [true, 1, [0]]);
  assert.ok(bad.error() instanceof RemoteError);
  assert.throws(() => bad.value(), bad.error());
});

test("a large value is downloaded when it is asked to be, and then has its bytes", LIMIT, async () => {
  await using server = await FakeModal.start();
  const stored = encode("x".repeat(1_000));
  const storage = createServer((_request, response) => response.end(stored)).listen(0, "127.0.0.1");
  await once(storage, "listening");
  const { port } = storage.address() as AddressInfo;
  const small = outputItem(0, Status.SUCCESS, { value: null });
  const large = { ...small.result, dataOneof: { case: "dataBlobId" as const, value: "bl-1" } };
  const chunk = { index: 1n, dataFormat: DataFormat.CBOR, dataOneof: { case: "dataBlobId" as const, value: "bl-1" } };
  server.intercept("functionGetOutputs", () => ({ outputs: [{ ...small, result: large }], lastEntryId: "1-0" }));
  server.intercept("functionCallGetDataOut", async function* () {
    yield chunk;
  });
  server.intercept("blobGet", ...Array(2).fill(() => ({ downloadUrl: `http://127.0.0.1:${port}/bl-1?secret=1` })));
  const call = server.client().calls.fromId("fc-1");
  const output = await call.output(0);
  assert.deepEqual([output.isLoaded, output.size], [false, undefined]);
  assert.throws(() => output.value(), DataLossError);
  await output.load();
  assert.deepEqual([output.isLoaded, output.size, output.data.length], [true, stored.length, stored.length]);
  assert.equal(output.value(), "x".repeat(1_000));
  for await (const item of call.items()) {
    assert.equal(item.isLoaded, false);
    await item.load();
    assert.deepEqual([item.isLoaded, item.size, item.value()], [true, stored.length, "x".repeat(1_000)]);
    break;
  }
  storage.close();
});
