import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { VolumeFolder } from "../../src/engine/volumes/volumeFolder.ts";
import { partsOf } from "../../src/engine/volumes/volumePath.ts";
import { Volumes } from "../../src/engine/volumes/volumes.ts";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";

async function emptyVolume(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-volumes-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const volumes = new Volumes(join(folder, "volumes"));
  return { folder, volumes, volume: volumes.open("vo-1") };
}

async function put(volume: VolumeFolder, path: string, text: string, overwrite = false): Promise<void> {
  const piece = `${volume.path}.piece`;
  await writeFile(piece, text);
  await volume.put([{ path, pieces: [piece], mode: undefined }], overwrite);
}

async function listed(volume: VolumeFolder, path = "/", recursive = true): Promise<string[]> {
  const entries: string[] = [];
  for await (const { path: found, kind, bytes } of volume.list(path, recursive)) {
    entries.push(kind === "file" ? `${found} ${bytes}` : `${found} ${kind}`);
  }
  return entries;
}

function refused(code: string, message: RegExp) {
  return (error: unknown) => error instanceof RpcError && error.codeName === code && message.test(error.message);
}

test("files are put, listed, read, copied and removed", async (t) => {
  const { volume } = await emptyVolume(t);
  await put(volume, "/a.txt", "one");
  await put(volume, "logs/2026/b.txt", "three");
  assert.deepEqual(await listed(volume), ["a.txt 3", "logs directory", "logs/2026 directory", "logs/2026/b.txt 5"]);
  assert.deepEqual(await listed(volume, "", false), ["a.txt 3", "logs directory"]);
  assert.deepEqual(await listed(volume, "logs", false), ["logs/2026 directory"]);
  assert.deepEqual(await listed(volume, "/a.txt"), ["a.txt 3"]);
  assert.equal(await readFile((await volume.file("a.txt")).path, "utf8"), "one");
  await volume.copy(["a.txt"], "c.txt", false);
  await volume.copy(["a.txt", "c.txt"], "/logs", false);
  await volume.copy(["logs"], "kept", true);
  assert.deepEqual(await listed(volume, "kept", false), ["kept/2026 directory", "kept/a.txt 3", "kept/c.txt 3"]);
  await volume.remove("logs", true);
  await volume.remove("a.txt", false);
  assert.deepEqual(await listed(volume, "/", false), ["c.txt 3", "kept directory"]);
});

test("several pieces are one file, with its permissions; what is there is overwritten only on demand, and then whole", async (t) => {
  const { folder, volume } = await emptyVolume(t);
  const pieces = [join(folder, "1"), join(folder, "2")];
  for (const piece of pieces) await writeFile(piece, piece.slice(-1));
  await volume.put([{ path: "run.sh", pieces, mode: 0o755 }], false);
  const { path } = await volume.file("run.sh");
  assert.equal(await readFile(path, "utf8"), "12");
  if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o755);
  await put(volume, "folder/inside", "x");
  const two = [
    { path: "new", pieces: [], mode: undefined },
    { path: "run.sh", pieces: [], mode: undefined },
  ];
  await assert.rejects(volume.put(two, false), refused("ALREADY_EXISTS", /run\.sh is in the volume already/));
  assert.deepEqual(await listed(volume, "/", false), ["folder directory", "run.sh 2"]);
  await volume.put(two, true);
  assert.deepEqual(await listed(volume, "/", false), ["folder directory", "new 0", "run.sh 0"]);
  await assert.rejects(put(volume, "folder", "x", true), refused("ALREADY_EXISTS", /folder is a folder/));
});

test("what cannot be done is refused in one sentence", async (t) => {
  const { volume } = await emptyVolume(t);
  await put(volume, "folder/inside", "x");
  const cases: [() => Promise<unknown>, string, RegExp][] = [
    [() => listed(volume, "none"), "NOT_FOUND", /^There is no none in the volume\.$/],
    [() => volume.file("none"), "NOT_FOUND", /no none/],
    [() => volume.file("folder"), "INVALID_ARGUMENT", /folder is no file/],
    [() => volume.remove("none", true), "NOT_FOUND", /no none/],
    [() => volume.remove("folder", false), "FAILED_PRECONDITION", /recursively/],
    [() => volume.remove("/", true), "INVALID_ARGUMENT", /the volume itself/],
    [() => put(volume, "/", "x"), "INVALID_ARGUMENT", /needs a name/],
    [() => volume.copy(["none"], "x", false), "NOT_FOUND", /no none/],
    [() => volume.copy(["folder"], "x", false), "INVALID_ARGUMENT", /recursively/],
    [() => volume.copy(["folder"], "folder", true), "INVALID_ARGUMENT", /into itself/],
    [() => volume.copy(["folder/inside", "folder"], "x", true), "INVALID_ARGUMENT", /no folder x/],
  ];
  for (const [answer, code, message] of cases) await assert.rejects(answer(), refused(code, message));
});

test("paths are parts below the root, and never lead above it", () => {
  assert.deepEqual(["", "/", "a/b", "/a//./b/", "a\u00e9/ b"].map(partsOf), [
    [],
    [],
    ["a", "b"],
    ["a", "b"],
    ["aé", " b"],
  ]);
  for (const path of ["..", "a/../b", "/../etc", "a\0b"]) {
    assert.throws(() => partsOf(path), refused("INVALID_ARGUMENT", /is no path in a volume/), path);
  }
});

test("links that a container has made lead nowhere outside", { skip: process.platform === "win32" }, async (t) => {
  const { folder, volume } = await emptyVolume(t);
  const secret = join(folder, "secret.txt");
  await writeFile(secret, "secret");
  await put(volume, "real/a.txt", "one");
  const links = { toFile: secret, toFolder: folder, toNothing: join(folder, "none"), inside: "real", up: "../.." };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(volume.path, name));
  const outside = refused("INVALID_ARGUMENT", /leads out of the volume by a link/);
  for (const path of ["toFile", "toFolder", "toFolder/secret.txt", "toNothing", "up/secret.txt"]) {
    await assert.rejects(volume.file(path), outside, path);
    await assert.rejects(listed(volume, path), outside, path);
    await assert.rejects(volume.copy([path], "copied", true), outside, path);
  }
  for (const path of ["toFolder/new", "up/new", "toNothing/new"]) await assert.rejects(put(volume, path, "x"), outside);
  await assert.rejects(volume.remove("toFolder/secret.txt", false), outside);
  await assert.rejects(volume.copy(["real/a.txt"], "toFile", false), outside);
  // Of a file that is put, or removed, in the place of a link, only the link is gone.
  await put(volume, "toFile", "mine", true);
  await volume.remove("toNothing", false);
  assert.equal(await readFile(secret, "utf8"), "secret");
  assert.equal(await readFile((await volume.file("inside/a.txt")).path, "utf8"), "one");
  await volume.copy(["toFile"], "inside/b.txt", false);
  const entries = await listed(volume);
  assert.ok(entries.includes("toFolder symlink"), "they are listed, and not followed");
  assert.deepEqual(
    entries.filter((entry) => entry.startsWith("real/")),
    ["real/a.txt 3", "real/b.txt 4"],
  );
  assert.equal(await readlink(join(volume.path, "toFolder")), folder);
  assert.deepEqual((await readdir(folder)).sort(), ["secret.txt", "volumes"]);
});

test("volumes are deleted with their files, and what was on its way is gone at the next start", async (t) => {
  const { folder, volumes, volume } = await emptyVolume(t);
  await put(volume, "a.txt", "one");
  await put(volumes.open("vo-2"), "a.txt", "two");
  await put(volumes.open("vo-3"), "a.txt", "three");
  await writeFile(join(folder, "volumes", "incoming", "half"), "x");
  await volumes.delete("vo-1");
  const again = new Volumes(join(folder, "volumes"));
  again.prune(new Set(["vo-3"]));
  assert.deepEqual(await listed(again.open("vo-3")), ["a.txt 5"]);
  assert.deepEqual(await listed(again.open("vo-1")), []);
  assert.deepEqual(await listed(again.open("vo-2")), []);
  assert.deepEqual(await readdir(join(folder, "volumes", "incoming")), []);
});
