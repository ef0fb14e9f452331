import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { create, list } from "tar";
import { exportFolder } from "../../src/engine/archive/exportFolder.ts";
import { importFolder } from "../../src/engine/archive/importFolder.ts";
import { PayloadFiles } from "../../src/engine/payloads/payloadFiles.ts";
import { migrations } from "../../src/engine/store/migrations.ts";
import { openStore } from "../../src/engine/store/store.ts";

const LARGE = new Uint8Array(200_000).fill(3);
const KEY = new Uint8Array([1]);

/** A data folder with an item of a generator and the value of a dict that are files, the tokens, and a snapshot; and a folder for archives. */
async function dataFolder(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), "spawnpoint-archive-"));
  t.after(() => rm(root, { recursive: true }));
  const folder = join(root, "data");
  const { database, dicts, items } = openStore(folder);
  const payloads = new PayloadFiles(folder);
  payloads.open(() => true);
  const data = await payloads.keep(LARGE);
  await database.write(() => items.insert(1, { index: 1, dataFormat: 1, data }));
  const value = await payloads.keep(LARGE);
  await database.write(() => dicts.put("di-d", { key: KEY, value, usedAt: 1 }));
  await payloads.keep(LARGE); // Nothing names this one.
  await mkdir(join(folder, "snapshots"));
  await writeFile(join(folder, "snapshots", "abc.json"), "{}");
  await writeFile(join(folder, "credentials.json"), "{}");
  t.after(() => database.close());
  return { root, folder, database, payloads };
}

test("an archive has the store, what it names and the snapshots, and no tokens", async (t) => {
  const { root, folder, database } = await dataFolder(t);
  const archive = join(root, "a.tar.gz");
  await exportFolder(database, folder, archive);
  const names: string[] = [];
  await list({ file: archive, onReadEntry: ({ path }) => names.push(path.replace(/bl-\w+/, "bl-")) });
  assert.deepEqual(names.sort(), ["engine.sqlite", "payloads/bl-", "payloads/bl-", "snapshots/abc.json"]);
  assert.deepEqual((await readdir(root)).sort(), ["a.tar.gz", "data"], "nothing else is left behind");

  const copy = join(root, "copy");
  await importFolder(archive, copy);
  const store = openStore(copy);
  t.after(() => store.database.close());
  const [item] = store.items.after(1, 0, 1, 1);
  assert.ok(item);
  const files = new PayloadFiles(copy);
  assert.deepEqual(files.read(item.data), Buffer.from(LARGE));
  assert.deepEqual(files.read(store.dicts.get("di-d", KEY)?.value ?? KEY), Buffer.from(LARGE));
});

test("a damaged, an incomplete and a newer archive make no folder", async (t) => {
  const { root, folder, database } = await dataFolder(t);
  const archive = join(root, "a.tar.gz");
  await exportFolder(database, folder, archive);
  const refused = async (file: string, message: RegExp) => {
    await assert.rejects(importFolder(file, join(root, "copy")), { name: "DataFolderError", message });
    assert.ok(!(await readdir(root)).some((name) => name.startsWith("copy")));
  };
  const cut = join(root, "cut.tar.gz");
  await writeFile(cut, (await readFile(archive)).subarray(0, 300));
  await refused(cut, /cut\.tar\.gz is no whole archive of a data folder \(.+\); export the folder again\.$/);
  const text = join(root, "text.tar.gz");
  await writeFile(text, "no archive");
  await refused(text, /text\.tar\.gz is no whole archive of a data folder \(.+\); export the folder again\.$/);
  await refused(join(root, "none"), /^There is no file .*none; name an archive that export made\.$/);

  await database.copyTo(join(root, "engine.sqlite"));
  const without = join(root, "without.tar.gz");
  await create({ file: without, gzip: true, cwd: root }, ["engine.sqlite"]);
  await refused(without, /\(2 of its large values are missing\)/);
  const sqlite = new DatabaseSync(join(root, "engine.sqlite"));
  sqlite.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  sqlite.close();
  const newer = join(root, "newer.tar.gz");
  await create({ file: newer, gzip: true, cwd: root }, ["engine.sqlite"]);
  await refused(newer, /written by a newer Spawnpoint/);
});

test("what is forgotten during an export goes when it is done", async (t) => {
  const { folder, payloads } = await dataFolder(t);
  const names = () => readdir(join(folder, "payloads"));
  await payloads.holding(async () => {
    payloads.remove(await names());
    assert.equal((await names()).length, 3);
  });
  assert.deepEqual(await names(), []);
});
