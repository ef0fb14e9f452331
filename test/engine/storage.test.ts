import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type FileEntry,
  type ModalClient as ModalService,
  ObjectCreationType,
  VolumeFsVersion,
} from "../../src/proto/gen/modal_pb.js";
import type { RpcClient } from "../../src/proto/grpc/rpcClient.ts";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness } from "./engineHarness.ts";

type Service = RpcClient<typeof ModalService>;

const NEW = ObjectCreationType.CREATE_FAIL_IF_EXISTS;
const BLOCK_BYTES = 8 * 1024 * 1024;

/** Volumes, secrets and environments over a real socket, as Modal's clients ask for them. */
test("storage", async (t) => {
  const harness = await EngineHarness.start(t);
  const service = harness.service();
  await t.test("volumes", (inner) => volumes(inner, service));
  await t.test("files of a version 1 volume", () => filesOfVersion1(service));
  await t.test("files of a version 2 volume, in blocks", () => filesOfVersion2(service));
  await t.test("volumes without a name", () => nameless(service));
  await t.test("secrets", () => secrets(service, harness));
  await t.test("environments", () => environments(service, harness));
});

async function volumes(t: TestContext, service: Service): Promise<void> {
  const make = async (deploymentName: string) =>
    (await service.volumeGetOrCreate({ deploymentName, objectCreationType: NEW })).volumeId;
  const [first, second] = [await make("first"), await make("second")];
  const names = async (page = {}) =>
    (await service.volumeList({ pagination: page })).items.map(({ label, metadata }) => [label, metadata?.name]);

  await t.test("are listed, the newest first, in pages", async () => {
    assert.deepEqual(await names(), [
      ["second", "second"],
      ["first", "first"],
    ]);
    const { items } = await service.volumeList({ pagination: { maxObjects: 1 } });
    const createdBefore = items[0]?.metadata?.creationInfo?.createdAt ?? 0;
    assert.deepEqual(await names({ maxObjects: 1, createdBefore }), [["first", "first"]]);
  });

  await t.test("are renamed, found by their id, and deleted", async () => {
    await assert.rejects(
      service.volumeRename({ volumeId: first, name: "second" }),
      refusal("ALREADY_EXISTS", /second/),
    );
    await assert.rejects(service.volumeRename({ volumeId: first, name: "a b" }), refusal("INVALID_ARGUMENT", /"a b"/));
    await service.volumeRename({ volumeId: first, name: "third" });
    assert.equal((await service.volumeGetById({ volumeId: first })).metadata?.name, "third");
    await service.volumeDelete({ volumeId: second });
    assert.deepEqual(await names(), [["third", "third"]]);
    const gone = refusal("NOT_FOUND", /no volume vo-/);
    await assert.rejects(service.volumeReload({ volumeId: second }), gone);
    await assert.rejects(service.volumeGetFile2({ volumeId: second, path: "a" }), gone);
    await service.volumeReload({ volumeId: first });
  });
}

async function filesOfVersion1(service: Service): Promise<void> {
  const { volumeId } = await service.volumeGetOrCreate({ deploymentName: "one", objectCreationType: NEW });
  const content = Buffer.from("hello");
  const sha256Hex = createHash("sha256").update(content).digest("hex");
  const files = [{ filename: "/notes/a.txt", sha256Hex, mode: 0o644 }];
  const early = service.volumePutFiles({ volumeId, files });
  await assert.rejects(early, refusal("FAILED_PRECONDITION", /a\.txt was not uploaded yet/));
  await service.mountPutFile({ sha256Hex, dataOneof: { case: "data", value: content } });
  await service.volumePutFiles({ volumeId, files, disallowOverwriteExistingFiles: true });
  const again = service.volumePutFiles({ volumeId, files, disallowOverwriteExistingFiles: true });
  await assert.rejects(again, refusal("ALREADY_EXISTS", /a\.txt is in the volume already/));
  assert.equal((await downloaded(service, volumeId, "notes/a.txt")).toString(), "hello");
  await service.volumeCopyFiles({ volumeId, srcPaths: ["notes/a.txt"], dstPath: "b.txt" });
  await service.volumeRemoveFile({ volumeId, path: "notes", recursive: true });
  const entries = await listed(service.volumeListFiles({ volumeId, path: "/", recursive: true }));
  assert.deepEqual(
    entries.map(({ path, size }) => [path, size]),
    [["b.txt", 5n]],
  );
}

async function filesOfVersion2(service: Service): Promise<void> {
  const { volumeId, version } = await service.volumeGetOrCreate({
    ...{ deploymentName: "two", objectCreationType: NEW, version: VolumeFsVersion.V2 },
  });
  assert.equal(version, VolumeFsVersion.V2);
  const content = randomBytes(BLOCK_BYTES + 5);
  const pieces = [content.subarray(0, BLOCK_BYTES), content.subarray(BLOCK_BYTES)];
  const blocks = pieces.map((piece) => ({ contentsSha256: createHash("sha256").update(piece).digest() }));
  const empty = { path: "folder/empty", size: 0n, blocks: [] };
  const files = [empty, { path: "/folder/big", size: BigInt(content.length), blocks, mode: 0o600 }];
  const { missingBlocks } = await service.volumePutFiles2({ volumeId, files });
  assert.deepEqual(
    missingBlocks.map(({ fileIndex, blockIndex }) => [fileIndex, blockIndex]),
    [
      [1n, 0n],
      [1n, 1n],
    ],
  );
  for (const { blockIndex, putUrl } of missingBlocks) {
    const wrong = await fetch(putUrl, { method: "PUT", body: "something else" });
    assert.equal(wrong.status, 400, await wrong.text());
    const answer = await fetch(putUrl, { method: "PUT", body: new Uint8Array(pieces[Number(blockIndex)] ?? []) });
    assert.equal(answer.status, 200, await answer.text());
  }
  const put = { volumeId, files, disallowOverwriteExistingFiles: true };
  assert.deepEqual((await service.volumePutFiles2(put)).missingBlocks, []);
  assert.deepEqual(await downloaded(service, volumeId, "folder/big"), content);
  assert.deepEqual(await downloaded(service, volumeId, "folder/big", { start: 7n, len: 9n }), content.subarray(7, 16));
  assert.deepEqual(await downloaded(service, volumeId, "folder/empty"), Buffer.alloc(0));
  const odd = service.volumePutFiles2({ volumeId, files: [{ path: "odd", size: 3n, blocks: [] }] });
  await assert.rejects(odd, refusal("INVALID_ARGUMENT", /not 0 blocks/));
  await service.volumeCopyFiles2({ volumeId, srcPaths: ["folder"], dstPath: "copy", recursive: true });
  await service.volumeRemoveFile2({ volumeId, path: "folder/big" });
  const entries = await listed(service.volumeListFiles2({ volumeId, path: "", recursive: true, maxEntries: 3 }));
  assert.deepEqual(
    entries.map(({ path }) => path),
    ["copy", "copy/big", "copy/empty"],
  );
  const url = (await service.volumeGetFile2({ volumeId, path: "copy/big" })).getUrls[0] ?? "";
  assert.equal((await fetch(url.replace("big", "empty"))).status, 403, "an address is for one file");
  await service.volumeRemoveFile2({ volumeId, path: "copy", recursive: true });
  assert.equal((await fetch(url)).status, 404);
}

async function nameless(service: Service): Promise<void> {
  const { volumeId } = await service.volumeGetOrCreate({ objectCreationType: ObjectCreationType.EPHEMERAL });
  const { items } = await service.volumeList({});
  assert.ok(items.every((item) => item.volumeId !== volumeId));
  await service.volumeHeartbeat({ volumeId });
  assert.deepEqual(await listed(service.volumeListFiles({ volumeId, path: "/" })), []);
  await assert.rejects(service.volumeRename({ volumeId, name: "named" }), refusal("INVALID_ARGUMENT", /no name/));
  await service.volumeDelete({ volumeId });
  await assert.rejects(service.volumeHeartbeat({ volumeId }), refusal("NOT_FOUND", /no volume/));
}

async function secrets(service: Service, harness: EngineHarness): Promise<void> {
  const kept = async () => (await readdir(join(harness.dataFolder, "variables"))).length;
  const before = await kept();
  const envDict = { USER: "me", PASSWORD: "hunter2" };
  const { secretId } = await service.secretGetOrCreate({ deploymentName: "login", objectCreationType: NEW, envDict });
  const list = await service.secretList({ environmentName: "main" });
  assert.deepEqual(
    list.items.map(({ label, secretId: id }) => [label, id]),
    [["login", secretId]],
  );
  assert.ok(!JSON.stringify(list).includes("hunter2"));
  await service.secretUpdate({ secretId, updates: [{ key: "USER" }, { key: "HOST", value: "here" }] });
  const wanted = (requiredKeys: string[]) => service.secretGetOrCreate({ deploymentName: "login", requiredKeys });
  await wanted(["PASSWORD", "HOST"]);
  await assert.rejects(wanted(["USER"]), refusal("FAILED_PRECONDITION", /login lacks USER/));
  assert.equal(await kept(), before + 1, "the old values are gone");
  await service.secretDelete({ secretId });
  assert.equal(await kept(), before);
  await assert.rejects(service.secretDelete({ secretId }), refusal("NOT_FOUND", /no secret st-/));
}

async function environments(service: Service, harness: EngineHarness): Promise<void> {
  await service.environmentCreate({ name: "dev" });
  await assert.rejects(service.environmentCreate({ name: "dev" }), refusal("ALREADY_EXISTS", /dev already/));
  await assert.rejects(service.environmentCreate({ name: "en-x" }), refusal("INVALID_ARGUMENT", /"en-x"/));
  await assert.rejects(
    service.environmentCreate({ name: "x", isManaged: true }),
    refusal("INVALID_ARGUMENT", /one user/),
  );
  const inDev = { deploymentName: "files", environmentName: "dev", objectCreationType: NEW };
  const { volumeId } = await service.volumeGetOrCreate(inDev);
  const app = { appName: "shop", environmentName: "dev", objectCreationType: ObjectCreationType.CREATE_IF_MISSING };
  const { appId } = await service.appGetOrCreate(app);
  await assert.rejects(
    service.environmentUpdate({ currentName: "dev", webSuffix: "x" }),
    refusal("INVALID_ARGUMENT", /suffix/),
  );
  await assert.rejects(
    service.environmentUpdate({ currentName: "main", name: "x" }),
    refusal("INVALID_ARGUMENT", /keeps its name/),
  );
  await assert.rejects(
    service.environmentUpdate({ currentName: "dev", name: "main" }),
    refusal("ALREADY_EXISTS", /main/),
  );
  assert.equal((await service.environmentUpdate({ currentName: "dev", name: "next" })).name, "next");
  assert.equal(
    (await service.volumeGetOrCreate({ ...inDev, environmentName: "next", objectCreationType: 0 })).volumeId,
    volumeId,
  );
  assert.deepEqual(
    (await service.appList({ environmentName: "next" })).apps.map((one) => one.appId),
    [appId],
  );
  await assert.rejects(service.environmentDelete({ name: "main" }), refusal("INVALID_ARGUMENT", /always there/));
  await service.environmentDelete({ name: "next" });
  await assert.rejects(service.environmentDelete({ name: "next" }), refusal("NOT_FOUND", /there are: main/));
  assert.ok((await service.appGetLifecycle({ appId })).lifecycle?.stoppedAt, "its apps are stopped");
  await assert.rejects(service.volumeGetById({ volumeId }), refusal("NOT_FOUND", /no volume/));
  assert.ok(!(await readdir(join(harness.dataFolder, "volumes"))).includes(volumeId));
}

async function listed(portions: AsyncIterable<readonly { entries: FileEntry[] }[]>): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for await (const batches of portions) entries.push(...batches.flatMap((batch) => batch.entries));
  return entries;
}

async function downloaded(service: Service, volumeId: string, path: string, range = {}): Promise<Buffer> {
  const { getUrls } = await service.volumeGetFile2({ volumeId, path, ...range });
  const parts = await Promise.all(getUrls.map(async (url) => (await fetch(url)).arrayBuffer()));
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function refusal(code: string, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.codeName, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}
