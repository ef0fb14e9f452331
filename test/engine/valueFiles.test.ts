import assert from "node:assert/strict";
import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { encodeCbor } from "../../src/client/payloads/cbor.ts";
import { DataFormat, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FILE_BYTES, INLINE_BYTES, LIBRARY_HEADER, READS_FILES } from "../../src/proto/valueFiles.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import os
import time

import modal

app = modal.App("files")

@app.function()
def echo(data):
    return data

@app.function()
def items(sizes):
    for size in sizes:
        yield bytes(size)

@app.function()
def dies_once(size, mark):
    yield bytes(size)
    if not os.path.exists(mark + ".died"):
        while not os.path.exists(mark):
            time.sleep(0.01)
        open(mark + ".died", "w").close()
        os._exit(1)
`;

const SIZES = [0, FILE_BYTES - 30, FILE_BYTES, 1_000_000, INLINE_BYTES, INLINE_BYTES + 1_000, 9_000_000];

async function engineWithApp(t: TestContext, options: readonly string[] = []) {
  const harness = await EngineHarness.start(t, options);
  await harness.deploy(source);
  return harness;
}

/** A value that differs from every other one, all the way through. */
function bytesOf(size: number): Uint8Array {
  return new Uint8Array(size).fill(size % 251);
}

for (const [plane, options] of [
  ["the control plane", []],
  ["an input plane", ["--input-plane"]],
] as const) {
  test(`values of all sizes round-trip by file on ${plane}, and no upload is left`, async (t) => {
    const harness = await engineWithApp(t, options);
    const { functions, calls } = harness.localModal();
    const echo = functions.fromName("files", "echo");
    const same = (values: readonly unknown[]) => {
      assert.equal(values.length, SIZES.length);
      for (const [index, value] of values.entries()) {
        assert.ok(Buffer.from(value as Uint8Array).equals(bytesOf(SIZES[index] ?? 0)), `${SIZES[index]} bytes`);
      }
    };
    same(await collected(echo.map([SIZES.map(bytesOf)])));
    const single = [];
    for (const size of SIZES) single.push(await echo.remote([bytesOf(size)]));
    same(single);
    const { functionCallId } = await echo.spawnMap(SIZES.map((size) => [bytesOf(size)]));
    const batches = await collected(calls.fromId(functionCallId).outputs());
    const outputs = batches.flatMap((batch) => batch.outputs).toSorted((one, other) => one.index - other.index);
    same(await Promise.all(outputs.map(async (output) => (await output.load()).value())));
    const yielded = await collected(functions.fromName("files", "items").remoteGen([SIZES]));
    assert.deepEqual(
      yielded.map((value) => (value as Uint8Array).length),
      SIZES,
    );
    await until("no upload is left", async () => (await readdir(join(harness.dataFolder, "uploads"))).length === 0);
  });
}

test("only a client that reads files is told names of values that fit into the answer", async (t) => {
  const harness = await engineWithApp(t);
  const call = await harness
    .modal()
    .functions.fromName("files", "echo")
    .spawn([bytesOf(FILE_BYTES)]);
  await call.get();
  const outputFor = async (metadata: Record<string, string>) => {
    const { outputs } = await harness
      .service()
      .functionGetOutputs({ functionCallId: call.functionCallId, startIdx: 0 }, { metadata });
    return outputs[0]?.result?.dataOneof;
  };
  assert.equal((await outputFor({}))?.case, "data");
  assert.equal((await outputFor({ [LIBRARY_HEADER]: "modal-js/0.11.1" }))?.case, "data");
  const named = await outputFor({ [LIBRARY_HEADER]: `spawnpoint/0.1.0${READS_FILES}` });
  assert.equal(named?.case, "dataBlobId");
  assert.ok((await readdir(join(harness.dataFolder, "payloads"))).includes(String(named?.value)));
});

test("inputs that were accepted keep their files when the engine is killed", async (t) => {
  const harness = await engineWithApp(t);
  const inputs = Array.from({ length: 20 }, (_, index) => [bytesOf(FILE_BYTES + index)]);
  const { functionCallId } = await harness.localModal().functions.fromName("files", "echo").spawnMap(inputs);
  await harness.end("SIGKILL");
  await harness.restart();
  const batches = await collected(harness.localModal().calls.fromId(functionCallId).outputs());
  const values = batches.flatMap(({ outputs }) => outputs).map((output) => output.value() as Uint8Array);
  assert.deepEqual(values.map(({ length }) => length).sort(), inputs.map(([input]) => input?.length).sort());
});

test("a value that the disk has lost is said in one sentence, also to a client that reads files", async (t) => {
  const harness = await engineWithApp(t);
  for (const size of [FILE_BYTES, INLINE_BYTES + 1_000]) {
    const echoed = await harness
      .localModal()
      .functions.fromName("files", "echo")
      .spawn([bytesOf(size)]);
    await echoed.get();
    const folder = join(harness.dataFolder, "payloads");
    for (const name of await readdir(folder)) await truncate(join(folder, name), 10);
    await assert.rejects(echoed.get(), { name: "InternalFailure", message: /no longer complete on the disk/ });
  }
});

test("the files of what a generator yielded go when it starts over", async (t) => {
  const harness = await engineWithApp(t);
  const payloads = () => readdir(join(harness.dataFolder, "payloads"));
  const mark = join(harness.folder, "mark");
  const call = await harness.localModal().functions.fromName("files", "dies_once").spawn([FILE_BYTES, mark]);
  await until("the first item is there", async () => (await payloads()).length === 1);
  const [first = ""] = await payloads();
  await writeFile(mark, "");
  await until("only the second run's item is there", async () => {
    const names = await payloads();
    return names.length === 1 && names[0] !== first;
  });
  // Nobody may read before: then the generator would not start over.
  const [item] = await collected(harness.localModal().calls.fromId(call.functionCallId).getGen());
  assert.equal((item as Uint8Array).length, FILE_BYTES);
  assert.equal((await payloads()).length, 1);
});

test("the file of an output goes when another attempt takes its place", async (t) => {
  const harness = await engineWithApp(t, ["--input-plane"]);
  const payloads = () => readdir(join(harness.dataFolder, "payloads"));
  const { functionId } = await harness.modal().functions.lookup("files", "echo");
  const service = harness.service();
  const args = encodeCbor([["x".repeat(2 * FILE_BYTES)], {}]);
  const input = { input: { dataFormat: DataFormat.CBOR, argsOneof: { case: "args" as const, value: args } } };
  let { attemptToken } = await service.attemptStart({ functionId, input });
  const finished = async () => {
    const { output } = await service.attemptAwait({ attemptToken, timeoutSecs: 60 });
    assert.equal(output?.result?.status, Status.SUCCESS);
    return payloads();
  };
  const before = await finished();
  assert.equal(before.length, 2, "arguments and output");
  ({ attemptToken } = await service.attemptRetry({ functionId, input, attemptToken }));
  const after = await finished();
  assert.equal(after.length, 2);
  assert.equal(after.filter((name) => before.includes(name)).length, 1, "only the arguments stay");
});
