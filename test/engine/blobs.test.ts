import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { downloadBlob } from "../../src/client/blobs/download.ts";
import { uploadBlob } from "../../src/client/blobs/upload.ts";
import { Connection } from "../../src/client/connection/connection.ts";
import { encodeCbor } from "../../src/client/payloads/cbor.ts";
import { DataFormat, FunctionCallInvocationType, FunctionCallType } from "../../src/proto/gen/modal_pb.js";
import { FILE_BYTES, INLINE_BYTES } from "../../src/proto/valueFiles.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import modal

app = modal.App("blobs")

@app.function()
def echo(data):
    return data

@app.function()
def size(data):
    return len(data)

@app.function()
def zeros(count):
    return bytes(count)

@app.function()
def items(sizes):
    for size in sizes:
        yield bytes(size)

@app.function()
def nested(count):
    through_map = list(echo.map([bytes(count), b"small", bytes(count + 1)]))
    return [len(echo.remote(bytes(count)))] + [len(value) for value in through_map] + [len(x) for x in items.remote_gen([count])]

@app.function()
def fail(count):
    raise ValueError("x" * count)

@app.cls()
class Shelf:
    @modal.method()
    def size(self, data):
        return len(data)
`;

async function engineWithApp(t: TestContext) {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  return harness;
}

/** Modal's RPCs, as the client makes them. */
function rpcOf(t: TestContext, harness: EngineHarness) {
  const connection = new Connection(harness.ready);
  t.after(() => connection.close());
  return connection.rpc;
}

function bytesOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 7) % 256);
}

/** Names of the files in one of the engine's folders. */
function filesIn(harness: EngineHarness, folder: "payloads" | "uploads" | "incoming"): Promise<string[]> {
  return readdir(join(harness.dataFolder, folder));
}

async function announce(harness: EngineHarness, content: Uint8Array) {
  const hash = (name: string) => createHash(name).update(content).digest("base64");
  const response = await harness.service().blobCreate({
    contentMd5: hash("md5"),
    contentSha256Base64: hash("sha256"),
    contentLength: BigInt(content.length),
  });
  return { blobId: response.blobId, url: response.uploadTypeOneof.value as string, response };
}

const put = (url: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, { method: "PUT", body: Buffer.from(body), headers });

/** Calls a function with an input that was uploaded. */
async function callWithBlob(t: TestContext, harness: EngineHarness, name: string, argsBlobId: string) {
  const rpc = rpcOf(t, harness);
  const fn = await harness.modal().functions.lookup("blobs", name);
  const { functionCallId } = await rpc.functionMap({
    functionId: fn.functionId,
    functionCallType: FunctionCallType.UNARY,
    functionCallInvocationType: FunctionCallInvocationType.ASYNC,
    pipelinedInputs: [
      { idx: 0, input: { dataFormat: DataFormat.CBOR, argsOneof: { case: "argsBlobId", value: argsBlobId } } },
    ],
  });
  return harness.modal().calls.fromId(functionCallId).get();
}

test("arguments come as a blob, in one piece or in parts, to as many calls as want them", async (t) => {
  const harness = await engineWithApp(t);
  const rpc = rpcOf(t, harness);
  for (const size of [0, 3_000_000, 10_000_001, 25_000_000]) {
    const { blobId } = await uploadBlob(rpc, encodeCbor([[new Uint8Array(size)], {}]));
    assert.equal(await callWithBlob(t, harness, "size", blobId), size);
    assert.equal(await callWithBlob(t, harness, "size", blobId), size);
  }
  assert.deepEqual(
    await filesIn(harness, "incoming").then((names) => names.filter((name) => name.startsWith("bl-"))),
    [],
  );
  await assert.rejects(callWithBlob(t, harness, "size", "bl-0000000000000000000000"), { name: "NotFoundError" });
  await assert.rejects(callWithBlob(t, harness, "size", "../engine.sqlite"), { name: "NotFoundError" });
});

test("more than 10,000,000 bytes are offered in parts to clients that can, and in one piece to others", async (t) => {
  const harness = await engineWithApp(t);
  const small = await announce(harness, bytesOf(1_000));
  assert.equal(small.response.uploadTypesOneof.case, "uploadUrls");
  const large = await announce(harness, new Uint8Array(25_000_000));
  assert.deepEqual(large.response.blobIds, [large.blobId]);
  const several = large.response.uploadTypesOneof;
  assert.ok(several.case === "multiparts");
  assert.equal(several.value.items[0]?.uploadUrls.length, 3);
  const answer = await put(large.url, new Uint8Array(25_000_000));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("etag"), `"${createHash("md5").update(new Uint8Array(25_000_000)).digest("hex")}"`);
});

test("an upload that is not what was announced is refused, and is no blob", async (t) => {
  const harness = await engineWithApp(t);
  const content = bytesOf(200_000);
  const other = content.with(100_000, 99);
  const { url, blobId } = await announce(harness, content);
  assert.equal((await put(url, other)).status, 400);
  assert.equal((await put(url, content.subarray(1))).status, 400);
  assert.equal((await put(url, Buffer.concat([content, content]))).status, 400);
  assert.equal((await put(url, content, { "Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA==" })).status, 400);
  await assert.rejects(harness.service().blobGet({ blobId }), /There is no blob/);
  assert.deepEqual([await filesIn(harness, "uploads"), await filesIn(harness, "payloads")], [[], []]);
  assert.equal((await put(url, content)).status, 200);
  const rpc = rpcOf(t, harness);
  assert.deepEqual(new Uint8Array(await downloadBlob(rpc, blobId)), content);
});

test("parts that are missing, doubled or damaged do not become a blob", async (t) => {
  const harness = await engineWithApp(t);
  const content = bytesOf(10_000_001);
  const { blobId, response } = await announce(harness, content);
  assert.ok(response.uploadTypesOneof.case === "multiparts");
  const [{ uploadUrls, completionUrl } = { uploadUrls: [], completionUrl: "" }] = response.uploadTypesOneof.value.items;
  const [first = "", second = ""] = uploadUrls;
  const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
  const complete = (...etags: string[]) => {
    const parts = etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    return fetch(completionUrl, { method: "POST", body });
  };
  const [head, tail] = [content.subarray(0, 10_000_000), content.subarray(10_000_000)];
  assert.equal((await put(first, head)).status, 200);
  assert.equal((await complete(md5(head), md5(tail))).status, 400, "a part is missing");
  assert.equal((await put(second, head)).status, 400, "a part has another length");
  assert.equal((await put(second, new Uint8Array([1]))).status, 200);
  assert.equal((await complete(md5(head), md5(tail))).status, 400, "not the part that was uploaded");
  assert.equal((await put(second, tail)).status, 200);
  const done = await complete(md5(head), md5(tail));
  assert.equal(done.status, 200);
  const joined = md5(Buffer.concat([head, tail].map((part) => createHash("md5").update(part).digest())));
  assert.match(await done.text(), new RegExp(`${joined}-2`));
  const { length } = await downloadBlob(rpcOf(t, harness), blobId);
  assert.equal(length, content.length);
});

test("an address is good for what it was made for, and for nothing else", async (t) => {
  const harness = await engineWithApp(t);
  const content = bytesOf(1_000);
  const mine = await announce(harness, content);
  const other = await announce(harness, content);
  assert.equal((await put(mine.url, content)).status, 200);
  const { downloadUrl } = await harness.service().blobGet({ blobId: mine.blobId });
  const changed = (url: string, change: (url: URL) => void) => {
    const copy = new URL(url);
    change(copy);
    return copy;
  };
  const get = async (url: URL | string) => (await fetch(url)).status;
  assert.equal(await get(downloadUrl), 200);
  assert.equal(await get(changed(downloadUrl, (url) => (url.search = ""))), 403);
  assert.equal(await get(changed(downloadUrl, (url) => url.searchParams.set("expires", "9999999999999"))), 403);
  assert.equal(await get(changed(downloadUrl, (url) => (url.pathname = `/${other.blobId}`))), 403);
  assert.equal(await get(changed(downloadUrl, (url) => (url.pathname = "/../engine.sqlite"))), 403);
  assert.equal(await get(mine.url), 403, "not to read");
  assert.equal((await put(downloadUrl, content)).status, 403, "not to write");
  const longer = changed(other.url, (url) => url.searchParams.set("length", "2000"));
  assert.equal((await put(String(longer), bytesOf(2_000))).status, 403);
  assert.equal(await get(new URL(downloadUrl).origin), 403);
});

test("large results, items, arguments and calls from inside arrive whole", async (t) => {
  const harness = await engineWithApp(t);
  const { functions, classes } = harness.modal();
  const large = INLINE_BYTES + 1_000;
  const sizes = [large, 10, FILE_BYTES];
  const items = await collected(functions.fromName("blobs", "items").remoteGen([sizes]));
  assert.deepEqual(
    items.map((item) => (item as Uint8Array).length),
    sizes,
  );
  const nested = await functions.fromName("blobs", "nested").remote([large]);
  assert.deepEqual(nested, [large, large, 5, large + 1, large]);
  const shelf = classes.fromName("blobs", "Shelf").instance();
  assert.equal(await shelf.method("size").remote([new Uint8Array(large)]), large);
  await assert.rejects(functions.fromName("blobs", "fail").remote([FILE_BYTES * 2]), { name: "RemoteError" });
});

test("a result of 300 MB arrives, and the limits of messages are no matter", async (t) => {
  const harness = await engineWithApp(t);
  const value = await harness.modal().functions.fromName("blobs", "zeros").remote([300_000_000]);
  assert.ok(value instanceof Uint8Array);
  assert.equal(value.length, 300_000_000);
});

test("any size around the limits round-trips", async (t) => {
  const harness = await engineWithApp(t);
  const echo = harness.modal().functions.fromName("blobs", "echo");
  const near = (limit: number) => fc.integer({ min: limit - 40, max: limit + 10 });
  const sizes = fc.array(fc.oneof(near(FILE_BYTES), near(INLINE_BYTES), fc.integer({ min: 0, max: 200_000 })), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(sizes, async (given) => {
      const inputs = given.map(bytesOf);
      const outputs = await collected(echo.map([inputs]));
      for (const [index, input] of inputs.entries()) {
        assert.ok(Buffer.from(outputs[index] as Uint8Array).equals(input), `${input.length} bytes`);
      }
      assert.equal(outputs.length, inputs.length);
    }),
    { seed: 20_261_122, numRuns: 15 },
  );
});

test("what was uploaded, and what is acknowledged, is still there when the engine was killed", async (t) => {
  const harness = await engineWithApp(t);
  const content = bytesOf(3_000_000);
  const { blobId } = await uploadBlob(rpcOf(t, harness), encodeCbor([[content], {}]));
  const call = await harness.modal().functions.fromName("blobs", "echo").spawn([content]);
  await call.get();
  const parts = await announce(harness, new Uint8Array(20_000_000));
  assert.ok(parts.response.uploadTypesOneof.case === "multiparts");
  const [url = ""] = parts.response.uploadTypesOneof.value.items[0]?.uploadUrls ?? [];
  await put(url, new Uint8Array(10_000_000));
  const named = await filesIn(harness, "payloads");
  await harness.end("SIGKILL");
  await writeFile(join(harness.dataFolder, "payloads", "bl-leftover00000000000000"), "no row names it");

  await harness.restart();
  assert.deepEqual((await filesIn(harness, "payloads")).sort(), named.sort());
  assert.deepEqual(await filesIn(harness, "incoming"), []);
  const again = harness.modal().calls.fromId(call.functionCallId);
  assert.deepEqual(new Uint8Array((await again.get()) as Uint8Array), content);
  assert.equal(await callWithBlob(t, harness, "size", blobId), content.length);
});

test("inputs that had not begun are given their large arguments by the next engine", async (t) => {
  const harness = await engineWithApp(t);
  const inputs = Array.from({ length: 30 }, (_, index) => [new Uint8Array(FILE_BYTES + index)]);
  const call = await harness.modal().functions.fromName("blobs", "size").spawnMap(inputs);
  await harness.end("SIGKILL");
  await harness.restart();
  const batches = await collected(harness.modal().calls.fromId(call.functionCallId).outputs());
  const sizes = batches.flatMap(({ outputs }) => outputs).map((output) => output.value());
  assert.deepEqual(sizes.map(Number).sort(), inputs.map(([input]) => input?.length ?? 0).sort());
});

test("clean removes the files of the calls that it forgets, and tells their bytes", async (t) => {
  const harness = await engineWithApp(t);
  const { functions } = harness.modal();
  await functions.fromName("blobs", "echo").remote([bytesOf(3_000_000)]);
  await collected(functions.fromName("blobs", "items").remoteGen([[FILE_BYTES]]));
  const kept = await functions.fromName("blobs", "echo").spawn([bytesOf(1_000)]);
  await kept.get();
  const names = await filesIn(harness, "payloads");
  assert.equal(names.length, 3);
  const modes = await Promise.all(names.map((name) => stat(join(harness.dataFolder, "payloads", name))));
  for (const { mode } of modes) assert.equal(mode & 0o777, 0o600);
  await uploadBlob(rpcOf(t, harness), bytesOf(1_000));
  const [forgotten = ""] = await filesIn(harness, "uploads");
  const { blobId: young } = await uploadBlob(rpcOf(t, harness), bytesOf(1_000));
  const twoDaysAgo = Date.now() / 1_000 - 2 * 24 * 60 * 60;
  await utimes(join(harness.dataFolder, "uploads", forgotten), twoDaysAgo, twoDaysAgo);
  const { bytes } = await harness.engine().clean({ olderThanSeconds: 0 });
  assert.ok(bytes > 6_000_000n, `${bytes} bytes`);
  assert.deepEqual(await filesIn(harness, "payloads"), []);
  assert.deepEqual(await filesIn(harness, "uploads"), [young], "an upload waits a day for its input");
});

test("an engine in memory keeps its files as long as it runs", async (t) => {
  const temporary = await mkdtemp(join(tmpdir(), "spawnpoint-blobs-"));
  const { TMPDIR = tmpdir() } = process.env;
  process.env.TMPDIR = temporary;
  t.after(async () => {
    process.env.TMPDIR = TMPDIR;
    await rm(temporary, { recursive: true, force: true });
  });
  const harness = await EngineHarness.start(t, ["--in-memory"]);
  await harness.deploy(source);
  const value = await harness.modal().functions.fromName("blobs", "zeros").remote([INLINE_BYTES]);
  assert.equal((value as Uint8Array).length, INLINE_BYTES);
  const folders = async () => (await readdir(temporary)).filter((name) => join(temporary, name) !== harness.folder);
  const [folder = ""] = await folders();
  assert.equal((await readdir(join(temporary, folder, "payloads"))).length, 1);
  await harness.end("SIGTERM");
  assert.deepEqual(await folders(), []);
});

test("what a worker wrote goes with its container", async (t) => {
  const harness = await engineWithApp(t);
  assert.equal((await filesIn(harness, "incoming")).length, 0);
  await harness.modal().functions.fromName("blobs", "zeros").remote([FILE_BYTES]);
  const [container] = await filesIn(harness, "incoming");
  assert.deepEqual(await readdir(join(harness.dataFolder, "incoming", container ?? "")), []);
  await harness.service().containerStop({ taskId: container ?? "" });
  await until("its folder is gone", async () => (await filesIn(harness, "incoming")).length === 0);
});

test("a file that was damaged behind the engine's back is an error that says so, not another value", async (t) => {
  const harness = await engineWithApp(t);
  const call = await harness.modal().functions.fromName("blobs", "zeros").spawn([FILE_BYTES]);
  await call.get();
  const [name = ""] = await filesIn(harness, "payloads");
  await writeFile(join(harness.dataFolder, "payloads", name), "");
  await assert.rejects(call.get(), {
    name: "InternalFailure",
    message: /no longer complete on the disk; make the call again/,
  });
});
