import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { VolumeLinks } from "../../src/engine/volumes/volumeLinks.ts";
import { volumeVariable } from "../../src/engine/volumes/volumeMount.ts";
import { withVolumes } from "../../src/engine/volumes/withVolumes.ts";
import type { WorkerEvents, WorkerLaunch } from "../../src/engine/workers/worker.ts";

const skip = process.platform === "win32";

async function place(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-links-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [one, two] = [join(folder, "one"), join(folder, "two")];
  for (const volume of [one, two]) await mkdir(volume);
  const record = join(folder, "links.json");
  return { folder, one, two, record, path: join(folder, "data"), links: new VolumeLinks(record) };
}

test("a link is there while somebody uses it, and only then", { skip }, async (t) => {
  const { path, one: folder, links, record } = await place(t);
  assert.equal(links.warning({ path, folder }), undefined);
  assert.ok(!existsSync(path), "asking makes none");
  assert.ok(links.take({ path, folder }));
  assert.ok(links.take({ path, folder }));
  assert.equal(await readlink(path), folder);
  assert.equal(links.warning({ path, folder }), undefined);
  links.release({ path, folder });
  assert.ok(existsSync(path));
  links.release({ path, folder });
  assert.ok(!existsSync(path));
  assert.deepEqual(JSON.parse(await readFile(record, "utf8")), []);
});

test("what is at a path stays, and the sentence says where the files are", { skip }, async (t) => {
  const { folder: parent, path, one: folder, two, links } = await place(t);
  await writeFile(path, "mine");
  assert.ok(!links.take({ path, folder }));
  assert.match(
    links.warning({ path, folder }) ?? "",
    /^On this computer the volume cannot be at .*, because there is something else; its files are in .*one, which .* variable SPAWNPOINT_VOLUME_.*\.$/,
  );
  assert.equal(await readFile(path, "utf8"), "mine");
  const deep = join(parent, "none", "data");
  assert.match(links.warning({ path: deep, folder }) ?? "", /there is no folder .*none/);
  assert.ok(!links.take({ path: "data", folder }));
  // A link to the volume that the user has made serves as well, and stays.
  await rm(path);
  await symlink(folder, path);
  assert.equal(links.warning({ path, folder }), undefined);
  assert.ok(!links.take({ path, folder }));
  links.close();
  assert.equal(await readlink(path), folder);
  assert.match(links.warning({ path, folder: two }) ?? "", /something else/);
});

test("links of an engine that died go, and nothing that took their place", { skip }, async (t) => {
  const { folder: parent, path, one: folder, two, links, record } = await place(t);
  const other = join(parent, "other");
  links.take({ path, folder });
  links.take({ path: other, folder: two });
  await rm(other);
  await symlink(folder, other);
  const next = new VolumeLinks(record);
  assert.ok(!existsSync(path));
  assert.equal(await readlink(other), folder);
  next.take({ path, folder });
  next.close();
  assert.ok(!existsSync(path));
  assert.ok(!existsSync(record));
});

test("of two volumes at one path only one is given to containers at a time", { skip }, async (t) => {
  const { path, one, two, links } = await place(t);
  const started: string[] = [];
  const worker = { send() {}, recall() {}, cancel() {}, stop() {}, kill() {} };
  const ends: (() => void)[] = [];
  const start = withVolumes((launch, events) => {
    started.push(launch.taskId);
    ends.push(() => events.exited("ended"));
    return worker;
  }, links);
  const told: string[] = [];
  const launched = (taskId: string, folder: string) => {
    const gone = new Promise<void>((resolve) => {
      const events = {
        failed: ({ exception }: { exception: string }) => told.push(exception),
        exited: () => resolve(),
      };
      start({ taskId, volumes: [{ path, folder }] } as unknown as WorkerLaunch, events as unknown as WorkerEvents);
    });
    return gone;
  };
  const first = launched("first", one);
  await launched("second", two);
  assert.match(told.join(), /^Another volume stands at .*data while containers use it/);
  ends[0]?.();
  await first;
  assert.ok(!existsSync(path));
  void launched("third", two);
  assert.equal(await readlink(path), two);
  assert.deepEqual(started, ["first", "third"]);
});

test("a variable is named by its path", () => {
  assert.deepEqual(["/data", "/mnt/my-vol/", "/a/b.c"].map(volumeVariable), [
    "SPAWNPOINT_VOLUME_DATA",
    "SPAWNPOINT_VOLUME_MNT_MY_VOL",
    "SPAWNPOINT_VOLUME_A_B_C",
  ]);
});
