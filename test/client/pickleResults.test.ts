import assert from "node:assert/strict";
import { test } from "node:test";
import { type FunctionCall, PythonException, type RemoteError } from "../../src/client/index.ts";
import { DataFormat, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FakeCall, FakeModal, outputItem } from "./fakeModal.ts";
import { assemble, pickles } from "./pickleBytes.ts";

const LIMIT = { timeout: 20_000 };

/** A finished call on the server, whose only output has this data. */
function finishedCall(server: FakeModal, status: Status, data: Uint8Array, dataFormat: DataFormat, exception = "") {
  const call = new FakeCall("fc-1", false, () => undefined);
  call.indexes.push(0);
  const item = outputItem(0, status, { exception, traceback: exception && "Traceback …" });
  item.dataFormat = dataFormat;
  item.result.dataOneof.value = data as typeof item.result.dataOneof.value;
  call.append(item);
  server.calls.set(call.functionCallId, call);
  return server.client().calls.fromId(call.functionCallId);
}

function pickle(expression: string): Uint8Array {
  return pickles(expression)[4] ?? Buffer.of();
}

test("a pickled result is read, and calls in it can be asked for theirs", LIMIT, async () => {
  await using server = await FakeModal.start();
  const data = assemble("\x80\x04](K\x07(\x8c\x04fc-1\x8c\x01oNtQe.");
  const call = finishedCall(server, Status.SUCCESS, data, DataFormat.PICKLE);
  const [seven, child] = (await call.get()) as [number, FunctionCall];
  assert.equal(seven, 7);
  assert.equal(child.functionCallId, "fc-1");
  assert.equal((await child.hydrate()).numInputs, 1);
});

test("a failure has the exception itself as its cause", LIMIT, async () => {
  await using server = await FakeModal.start();
  const failure = async (data: Uint8Array, format: DataFormat, exception = "") => {
    const call = finishedCall(server, Status.FAILURE, data, format, exception);
    return (await call.output(0)).error() as RemoteError;
  };
  const data = pickle("ValueError('boom', 3)");
  const error = await failure(data, DataFormat.UNSPECIFIED, "ValueError('boom', 3)");
  assert.ok(error.cause instanceof PythonException);
  assert.deepEqual([error.cause.name, error.cause.module, error.cause.args], ["ValueError", "builtins", ["boom", 3]]);
  assert.deepEqual([error.message, error.traceback], ["ValueError('boom', 3)", "Traceback …"]);
  assert.equal((await failure(data, DataFormat.PICKLE)).message, 'ValueError("boom", 3)');
  const unknown = await failure(assemble("cshop\nSoldOut\n)R."), DataFormat.PICKLE, "SoldOut()");
  assert.equal((unknown.cause as PythonException).name, "SoldOut");
  const damaged = await failure(data.subarray(0, 20), DataFormat.PICKLE, "ValueError('boom', 3)");
  assert.deepEqual([damaged.message, damaged.cause], ["ValueError('boom', 3)", undefined]);
});

test("arguments are pickled for a function that takes nothing else", LIMIT, async () => {
  for (const supportedInputFormats of [[], [DataFormat.PICKLE], [DataFormat.ASGI, DataFormat.PICKLE]]) {
    await using server = await FakeModal.start();
    server.functionMetadata = { supportedInputFormats };
    server.run = ([x], { k }) => [x, k];
    const result = await server
      .client()
      .functions.fromName("app", "f")
      .remote([2n ** 70n], { k: new Set([1]) });
    assert.deepEqual(result, [2n ** 70n, new Set([1])]);
    const [input] = server.requests("functionMap")[0]?.request.pipelinedInputs ?? [];
    assert.equal(input.input.dataFormat, DataFormat.PICKLE);
  }
});
