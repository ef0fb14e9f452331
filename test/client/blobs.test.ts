import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { downloadBlob } from "../../src/client/blobs/download.ts";
import { uploadBlob } from "../../src/client/blobs/upload.ts";
import { Connection } from "../../src/client/connection/connection.ts";
import { collect, FakeModal, gate, until } from "./fakeModal.ts";
import { FakeStorage, md5, SECRET, type StorageAnswer } from "./fakeStorage.ts";

const LIMIT = { timeout: 30_000 };

/** A server with a storage, and a connection to it; all end with the test. */
class Blobs implements AsyncDisposable {
  readonly server: FakeModal;
  readonly storage: FakeStorage;
  readonly connection: Connection;

  static async start(): Promise<Blobs> {
    return new Blobs(await FakeModal.start(), await FakeStorage.start());
  }

  private constructor(server: FakeModal, storage: FakeStorage) {
    server.storage = storage;
    this.server = server;
    this.storage = storage;
    this.connection = new Connection({ url: server.url, tokenId: "ak-1", tokenSecret: "as-2" });
  }

  upload(content: Uint8Array, signal?: AbortSignal) {
    return uploadBlob(this.connection.rpc, content, signal);
  }

  download(blobId: string, signal?: AbortSignal) {
    return downloadBlob(this.connection.rpc, blobId, signal);
  }

  get function() {
    return this.server.client().functions.fromName("app", "f");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
    await this.server[Symbol.asyncDispose]();
    await this.storage[Symbol.asyncDispose]();
  }
}

const content = Uint8Array.from({ length: 5_000 }, (_, index) => index % 251);
const status =
  (code: number): StorageAnswer =>
  (_request, response) =>
    response.writeHead(code).end(`<Error>${SECRET}</Error>`);

test("an upload in one piece says what it is, and checks what the storage has", LIMIT, async () => {
  await using blobs = await Blobs.start();
  const uploaded = await blobs.upload(content);
  assert.deepEqual(uploaded, { blobId: "bl-1", r2Failed: false, r2ThroughputBytesS: 0n });
  const [created] = blobs.server.requests("blobCreate");
  assert.equal(created?.request.contentLength, 5_000n);
  assert.equal(created?.request.contentMd5, md5(content).toString("base64"));
  const sha256 = createHash("sha256").update(content).digest("base64");
  assert.equal(created?.request.contentSha256Base64, sha256);
  const [put] = blobs.storage.requests;
  assert.equal(put?.method, "PUT");
  assert.equal(put?.headers["content-type"], "application/octet-stream");
  assert.equal(put?.headers["content-length"], "5000");
  assert.equal(put?.headers["content-md5"], undefined, "only the storages of Modal's cloud are told");
  assert.deepEqual(new Uint8Array(blobs.storage.blobs.get("bl-1") ?? []), content);
});

test("an upload in parts is joined by the storage, and what it joined is checked", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.partLength = 2_000;
  assert.equal((await blobs.upload(content)).blobId, "bl-1");
  assert.deepEqual(new Uint8Array(blobs.storage.blobs.get("bl-1") ?? []), content);
  const puts = blobs.storage.requests.filter(({ method }) => method === "PUT");
  assert.deepEqual(puts.map(({ body }) => body.length).sort(), [1_000, 2_000, 2_000]);
  for (const { headers } of puts) assert.equal(headers["content-type"], undefined);
  const completion = blobs.storage.requests.at(-1);
  assert.equal(completion?.method, "POST");
  const parts = [...String(completion?.body).matchAll(/<PartNumber>(\d)<\/PartNumber>\n<ETag>"(\w{32})"<\/ETag>/g)];
  const expected = [0, 2_000, 4_000].map((start) => md5(content.subarray(start, start + 2_000)).toString("hex"));
  assert.deepEqual(
    parts.map(([, number, etag]) => [number, etag]),
    expected.map((etag, index) => [String(index + 1), etag]),
  );

  const wrongJoin: StorageAnswer = (_request, response) => response.writeHead(200).end("<ETag>another</ETag>");
  const { answer } = blobs.storage;
  blobs.storage.next(answer, answer, answer, wrongJoin);
  await assert.rejects(blobs.upload(content), { name: "ExecutionError", message: /joined other bytes/ });
});

test("a server with the older fields is understood, with and without parts", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.isOld = true;
  assert.equal((await blobs.upload(content)).blobId, "bl-1");
  blobs.storage.partLength = 3_000;
  const { blobId } = await blobs.upload(content);
  assert.deepEqual(new Uint8Array(blobs.storage.blobs.get(blobId) ?? []), content);
});

test("a wrong ETag is tried three times, and then an error without secrets", LIMIT, async () => {
  await using blobs = await Blobs.start();
  const wrong: StorageAnswer = (_request, response) => response.writeHead(200, { ETag: '"0"' }).end();
  blobs.storage.next(wrong, wrong, wrong);
  await assert.rejects(blobs.upload(content), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "ExecutionError");
    assert.match(
      error.message,
      /^The arguments, 5,000 bytes, could not be uploaded; try again\. .*other bytes than were sent/,
    );
    assertTellsNothing(error);
    return true;
  });
  assert.equal(blobs.storage.requests.length, 3);
});

test("a storage that is busy is asked again", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.next(status(503));
  await blobs.upload(content);
  assert.deepEqual(
    blobs.storage.requests.map(({ body }) => body.length),
    [5_000, 5_000],
  );
  blobs.storage.next(status(503), status(500));
  assert.deepEqual(new Uint8Array(await blobs.download("bl-1")), content);
});

test("when the first storage is dead, the next one is used, and the server learns of it", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.functionMetadata = { maxObjectSizeBytes: 1_000n };
  blobs.server.run = ([bytes]) => (bytes as Uint8Array).length;
  blobs.storage.alternatives = ["bl-1:r2", "bl-2"];
  blobs.storage.next(status(403), status(403), status(403));
  assert.equal(await blobs.function.remote([content]), 5_000);
  const [failed] = blobs.server.requests("functionMap")[0]?.request.pipelinedInputs ?? [];
  assert.deepEqual(failed.input.argsOneof, { case: "argsBlobId", value: "bl-2" });
  assert.deepEqual([failed.r2Failed, failed.r2ThroughputBytesS], [true, 0n]);

  assert.equal(await blobs.function.remote([content]), 5_000);
  const [worked] = blobs.server.requests("functionMap")[1]?.request.pipelinedInputs ?? [];
  assert.deepEqual(worked.input.argsOneof, { case: "argsBlobId", value: "bl-1:r2-2" });
});

test("the speed of the storage that is watched is told", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.alternatives = ["bl-1:r2"];
  const { r2Failed, r2ThroughputBytesS } = await blobs.upload(content);
  assert.equal(r2Failed, false);
  assert.ok(r2ThroughputBytesS > 0n);
});

test("a storage that is neither Modal's nor near is refused unasked", LIMIT, async () => {
  await using blobs = await Blobs.start();
  for (const host of ["example.com", "8.8.8.8", "localhost.example.com", "amazonaws.com.example.com"]) {
    const url = `https://${host}/blob?${SECRET}`;
    blobs.server.intercept("blobCreate", () => ({
      blobIds: ["bl-1"],
      uploadTypesOneof: { case: "uploadUrls", value: { items: [url] } },
    }));
    await assert.rejects(blobs.upload(content), (error) => {
      assert.ok(error instanceof Error && error.name === "ExecutionError");
      assert.match(error.message, /none that Modal uses/);
      assertTellsNothing(error);
      return true;
    });
  }
});

test("a download that breaks off is begun again, and given up after five attempts", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.blobs.set("bl-1", Buffer.from(content));
  const truncated: StorageAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Length": 5_000 }).write(content.subarray(0, 100), () => response.destroy());
  };
  blobs.storage.next(truncated, truncated);
  assert.deepEqual(new Uint8Array(await blobs.download("bl-1")), content);
  assert.equal(blobs.storage.requests.length, 3);

  blobs.storage.next(truncated, truncated, truncated, truncated, truncated);
  await assert.rejects(blobs.download("bl-1"), (error) => {
    assert.ok(error instanceof Error && error.name === "ExecutionError");
    assert.match(error.message, /^A value of the server could not be downloaded; try again\./);
    assertTellsNothing(error);
    return true;
  });
  assert.equal(blobs.storage.requests.length, 8);
});

test("a blob that nobody has is said with the storage's answer", LIMIT, async () => {
  await using blobs = await Blobs.start();
  await assert.rejects(blobs.download("bl-9"), { name: "ExecutionError", message: /answered 404/ });
});

test("an abort ends an upload and a download half-way, with the signal's reason", LIMIT, async () => {
  await using blobs = await Blobs.start();
  const arrived = gate();
  const hang: StorageAnswer = () => arrived.open();
  for (const transfer of [
    (signal: AbortSignal) => blobs.upload(content, signal),
    (signal: AbortSignal) => blobs.download("bl-1", signal),
  ]) {
    blobs.storage.next(hang);
    const controller = new AbortController();
    const done = transfer(controller.signal);
    await until(() => blobs.storage.active.now === 1);
    controller.abort(new Error("enough"));
    await assert.rejects(done, { message: "enough" });
    await until(() => blobs.storage.active.now === 0);
  }
});

test("closing the client ends transfers with ClientClosed", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.storage.next(() => {});
  const done = blobs.download("bl-1");
  await until(() => blobs.storage.active.now === 1);
  blobs.connection.close();
  await assert.rejects(done, { name: "ClientClosed" });
  await until(() => blobs.storage.active.now === 0);
});

test("a map keeps the order of its inputs and results, with at most 20 uploads at a time", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.functionMetadata = { maxObjectSizeBytes: 1_000n };
  blobs.server.maxInlineResultBytes = 1_000;
  blobs.server.run = ([bytes]) => bytes;
  const sizes = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 10 : 2_000 + index));
  const inputs = sizes.map((size, index) => new Uint8Array(size).fill(index));
  const results = await collect(blobs.function.map([inputs]));
  assert.deepEqual(
    results.map((result) => new Uint8Array(result as Uint8Array)),
    inputs,
  );
  assert.equal(blobs.server.requests("blobCreate").length, 40);
  assert.equal(blobs.server.requests("blobGet").length, 40);
  assert.deepEqual(blobs.server.calls.get("fc-1")?.indexes, [...sizes.keys()]);
  assert.ok(blobs.storage.active.most <= 20, `${blobs.storage.active.most} at a time`);
});

test("an upload that fails ends the map with its error, also while the source of inputs rests", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.functionMetadata = { maxObjectSizeBytes: 1_000n };
  blobs.server.intercept("blobCreate", () => ({}));
  async function* inputs() {
    yield content;
    await new Promise(() => {});
  }
  await assert.rejects(collect(blobs.function.map([inputs()])), { name: "ExecutionError", message: /no storage/ });
});

test("a result that cannot be downloaded is an exception like others, or the end of the map", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.maxInlineResultBytes = 1_000;
  blobs.server.run = ([size]) => new Uint8Array(size as number);
  const lost = Array.from({ length: 5 }, () => status(404));
  blobs.storage.next(...lost);
  const results = await collect(blobs.function.map([[5_000, 1]], { returnExceptions: true }));
  assert.match(String(results[0]), /^ExecutionError: .*answered 404/);
  assert.equal((results[1] as Uint8Array).length, 1);
  blobs.storage.next(...lost);
  await assert.rejects(collect(blobs.function.map([[5_000, 1]])), { name: "ExecutionError" });
});

test("raw outputs say that their value is large, and load it when asked", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.maxInlineResultBytes = 1_000;
  blobs.server.run = () => content;
  const call = await blobs.function.spawn();
  assert.deepEqual(new Uint8Array((await call.get()) as Uint8Array), content);
  const before = blobs.storage.requests.length;
  const output = await call.output(0);
  assert.deepEqual([output.isLoaded, output.size], [false, undefined]);
  assert.throws(() => output.value(), { name: "DataLossError", message: /load\(\)/ });
  assert.equal(blobs.storage.requests.length, before, "nobody asked");
  await Promise.all([output.load(), output.load()]);
  assert.equal(blobs.storage.requests.length, before + 1, "once for both");
  assert.equal(output.isLoaded, true);
  assert.deepEqual(new Uint8Array(output.value() as Uint8Array), content);
});

test("any size round-trips, by whatever way the limits send it", LIMIT, async () => {
  await using blobs = await Blobs.start();
  blobs.server.run = ([bytes]) => bytes;
  const sizes = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 95, max: 130 }),
    fc.integer({ min: 0, max: 3_000 }),
  );
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.option(fc.integer({ min: 1, max: 200 })),
      fc.boolean(),
      async (size, partLength, isOld) => {
        blobs.server.functionMetadata = { maxObjectSizeBytes: 100n };
        blobs.server.maxInlineResultBytes = 110;
        blobs.storage.partLength = partLength ?? undefined;
        blobs.storage.isOld = isOld;
        const bytes = Uint8Array.from({ length: size }, (_, index) => index % 256);
        assert.deepEqual(new Uint8Array((await blobs.function.remote([bytes])) as Uint8Array), bytes);
      },
    ),
    { seed: 20_261_122, numRuns: 60 },
  );
});

/** Neither an error nor what caused it may hold what is in the URLs. */
function assertTellsNothing(error: Error): void {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    assert.ok(!`${cause.message}${cause.stack}${JSON.stringify(cause)}`.includes("do-not-tell"));
  }
}
