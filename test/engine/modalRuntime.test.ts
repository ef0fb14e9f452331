import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decode, Encoder } from "cbor-x";
import { DataFormat, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { until } from "./engineHarness.ts";
import { idOf, ModalContainer, nth } from "./modalContainer.ts";

/** What Modal's own container runtime says (recorded, as field values), replayed by a process against the engine's socket for it. */

const cbor = new Encoder({ useRecords: false });
const ADDRESSES = { client: ["127.0.0.1", 50_000], server: ["127.0.0.1", 20_000] };
const bytes = (...values: number[]) => Buffer.from(values);

test("inputs are fetched one by one, and their outputs and what they print come under their ids", async (t) => {
  const container = ModalContainer.says(t, "square");
  await until("it is ready", () => container.isReady);
  container.send([1, 2]);
  const [first, second] = await container.hasOutputs(2);
  assert.deepEqual(first, {
    input: nth(1),
    status: Status.SUCCESS,
    dataFormat: DataFormat.CBOR,
    startedAt: 1795342985.9811275,
    endedAt: 1795342985.9819615,
    exception: "",
    traceback: "",
    data: bytes(16),
  });
  assert.deepEqual([second?.input, second?.data], [nth(2), bytes(0x18, 25)]);
  container.worker.stop();
  assert.equal(await container.ended(), "ended with exit code 0");
  assert.match(container.printedBy(1), /squaring 4\n/);
  assert.match(container.printedBy(2), /squaring 5\n/);
});

test("its socket is for the user alone, and goes with it", async (t) => {
  const container = ModalContainer.says(t, "square");
  await until("it is ready", () => container.isReady);
  const folder = container.payloads.containerFolder("ta-1").path;
  const socket = join(folder, "modal.sock");
  for (const path of [folder, socket]) assert.equal(statSync(path).mode & 0o077, 0, path);
  container.worker.kill();
  await container.ended();
  assert.ok(!existsSync(folder));
});

test("a container is told which input it runs, of which call, and how often it was tried, and at last to end", async (t) => {
  const container = ModalContainer.says(t, "method");
  await until("it is ready", () => container.isReady);
  container.send([1], bytes(0x82, 0x81, 1, 0xa0), "add");
  await container.hasOutputs(1);
  container.worker.stop();
  await container.ended();
  assert.deepEqual(container.answers("FunctionGetInputs"), [
    {
      inputs: [
        {
          inputId: idOf(1),
          input: { args: "goEBoA==", dataFormat: "DATA_FORMAT_CBOR", methodName: "add" },
          functionCallId: "fc-1",
          functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_SYNC",
          attemptToken: idOf(1),
        },
      ],
    },
    { inputs: [{ killSwitch: true }] },
  ]);
  assert.match(container.printed, /entered\n.*left\n$/s);
});

test("the items of a generator come once, in their order, before its output", async (t) => {
  const container = ModalContainer.says(t, "generator");
  container.send([1]);
  const [output] = await container.hasOutputs(1);
  assert.deepEqual(
    container.items,
    [0, 1, 2].map((value) => ({ input: nth(1), dataFormat: DataFormat.CBOR, data: bytes(value) })),
  );
  assert.deepEqual([output?.dataFormat, output?.data], [DataFormat.GENERATOR_DONE, bytes(8, 3)]);
  container.worker.stop();
  await container.ended();
  assert.equal(container.outputs.length, 1, "an output that is handed in again is none");
});

test("an exception is the output, with its traceback", async (t) => {
  const container = ModalContainer.says(t, "failure");
  container.send([1]);
  const [output] = await container.hasOutputs(1);
  assert.equal(output?.status, Status.FAILURE);
  assert.deepEqual([output?.exception, output?.traceback], ["ValueError('boom')", "ValueError: boom\n"]);
  const { fileDescriptor, input } = container.logs.find(({ text }) => text === "ValueError: boom\n") ?? {};
  assert.deepEqual([fileDescriptor, input], [2, nth(1)]);
});

test("an input that runs is cancelled by the answer to a heartbeat, and one that waits at once", async (t) => {
  const container = ModalContainer.says(t, "cancelled");
  container.send([1, 2]);
  await until("the first one runs", () => container.answers("FunctionGetInputs").length === 1);
  container.worker.cancel([nth(1), nth(2)]);
  const outputs = await container.hasOutputs(2);
  assert.deepEqual(
    outputs.map(({ input, status }) => [input, status]),
    [
      [nth(2), Status.TERMINATED],
      [nth(1), Status.TERMINATED],
    ],
  );
  assert.deepEqual(container.answers("ContainerHeartbeat"), [{ cancelInputEvent: { inputIds: [idOf(1)] } }]);
});

test("what a container has not fetched can be had back", async (t) => {
  const container = ModalContainer.says(t, "cancelled");
  container.send([1, 2, 3]);
  await until("the first one runs", () => container.answers("FunctionGetInputs").length === 1);
  container.worker.recall([nth(1), nth(2)]);
  const outputs = await container.hasOutputs(1);
  assert.deepEqual(
    outputs.map(({ input, status }) => [input, status]),
    [[nth(2), Status.TERMINATED]],
  );
});

test("a batch is fetched as one", async (t) => {
  const container = ModalContainer.says(t, "batch", { options: { batch_max_size: 3, batch_wait_ms: 100 } });
  container.send([1, 2, 3]);
  const outputs = await container.hasOutputs(3);
  assert.deepEqual(
    outputs.map(({ input, data }) => [input, data]),
    [
      [nth(1), bytes(2)],
      [nth(2), bytes(4)],
      [nth(3), bytes(6)],
    ],
  );
});

test("inputs that run at a time are fetched one by one; what they print belongs to none of them", async (t) => {
  const container = ModalContainer.says(t, "concurrent", { options: { max_concurrent_inputs: 3 } });
  container.send([1, 2]);
  const outputs = await container.hasOutputs(2);
  assert.deepEqual(
    outputs.map(({ input }) => input),
    [nth(2), nth(1)],
  );
  assert.deepEqual(container.answers("FunctionGetDynamicConcurrency"), [{ concurrency: 3 }]);
  assert.equal(container.logs.find(({ text }) => text.includes("whose is this?"))?.input, undefined);
});

test("of a container that crashes, its end is told, after the last that it printed", async (t) => {
  const container = ModalContainer.says(t, "crash");
  container.send([1]);
  assert.equal(await container.ended(), "was killed by SIGKILL");
  assert.match(container.printed, /half a li$/);
  assert.deepEqual(container.outputs, []);
  assert.ok(!existsSync(join(container.folder, "incoming", "ta-1")), "its folder goes with it");
});

test("user code that cannot be imported is told as such", async (t) => {
  const container = ModalContainer.says(t, "notImported");
  assert.equal(await container.ended(), "ended with exit code 0");
  assert.equal(container.failure, `AttributeError("module 'app' has no attribute 'missing'")`);
  assert.ok(!container.isReady);
});

test("large arguments come as a blob", async (t) => {
  const container = ModalContainer.says(t, "square");
  const args = await container.payloads.keep(new Uint8Array(3 * 1024 * 1024));
  container.send([1], args);
  await container.hasOutputs(1);
  const [fetched] = container.answers("FunctionGetInputs") as [{ inputs: [{ input: { argsBlobId: string } }] }];
  assert.deepEqual(container.payloads.find(fetched.inputs[0].input.argsBlobId)?.length, 3 * 1024 * 1024);
});

test("a container that is ended before its socket is there never starts", async (t) => {
  const container = ModalContainer.says(t, "square");
  container.worker.kill();
  assert.equal(await container.ended(), "was killed before it had started");
});

test("a request to a web endpoint comes as ASGI, and its response goes as the engine has it", async (t) => {
  const container = ModalContainer.says(t, "webRequest", { web: { kind: "asgi_app", label: null } });
  const request = { ...{ method: "GET", target: "/a", headers: [], http_version: "1.1" }, ...ADDRESSES };
  container.send([1], cbor.encode([[{ ...request, has_body: false, upgrade: null, request_id: "r" }], {}]));
  await container.hasOutputs(1);
  const [fetched] = container.answers("FunctionGetInputs") as [{ inputs: [{ input: { args: string } }] }];
  const [[scope]] = decode(Buffer.from(fetched.inputs[0].input.args, "base64"));
  assert.deepEqual([scope.type, scope.method, scope.path], ["http", "GET", "/a"]);
  assert.deepEqual(container.answers("FunctionCallGetDataIn"), [
    { dataFormat: "DATA_FORMAT_ASGI", data: "EgA=", index: "1" },
    { dataFormat: "DATA_FORMAT_ASGI", data: "MgA=", index: "2" },
  ]);
  assert.deepEqual(container.requests, [{ method: "web_receive", request_id: "r", position: 0, wants_end: true }]);
  assert.deepEqual(
    container.items.map(({ dataFormat, data }) => [dataFormat, decode(container.payloads.read(data))]),
    [
      [DataFormat.CBOR, { status: 201, headers: [] }],
      [DataFormat.CBOR, { body: Buffer.from("ok"), more_body: false }],
    ],
  );
});

test("a container that waits for a call of its own is known to wait", async (t) => {
  const waiting: number[] = [];
  const container = ModalContainer.says(t, "nested", {
    service: {
      functionGetOutputs: ({ timeout }) => {
        waiting.push(timeout, container.waiting);
        return {};
      },
    },
  });
  container.send([1]);
  await until("it has asked twice", () => container.answers("FunctionGetOutputs").length === 2);
  assert.deepEqual([waiting, container.waiting], [[55, 1, 0, 0], 0]);
});
