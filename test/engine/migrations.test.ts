import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { migrations } from "../../src/engine/store/migrations.ts";
import { openStore } from "../../src/engine/store/store.ts";

const PLENTY = { maxOutputs: 10, maxBytes: 1_000_000 };

/** A data folder as the first released version left it. */
async function firstRelease(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-migrations-"));
  t.after(() => rm(folder, { recursive: true }));
  const sqlite = new DatabaseSync(join(folder, "engine.sqlite"));
  sqlite.exec(await readFile(new URL("./fixtures/firstRelease.sql", import.meta.url), "utf8"));
  sqlite.close();
  return folder;
}

test("a data folder of the first released version keeps its apps, calls, items and logs", async (t) => {
  const { database, apps, calls, items, logs, environments } = openStore(await firstRelease(t));
  t.after(() => database.close());
  const [app] = apps.list();
  assert.deepEqual([app?.name, app?.version, app?.python], ["old", 1, "python3"]);
  assert.deepEqual(
    apps.functions(app?.appId ?? "").map(({ name }) => name),
    ["square", "numbers"],
  );
  assert.deepEqual(
    environments.list().map(({ name }) => name),
    ["main"],
  );
  assert.deepEqual(calls.unfinished(), []);
  const call = calls.get("fc-h823NNQdvqbTB37ldp0XM7");
  assert.equal(call?.retriedByClient, false);
  const [output] = calls.outputsAfter(call?.number ?? 0, 0, PLENTY);
  assert.deepEqual(output?.data, new Uint8Array([0x18, 49]), "49 in CBOR");
  const generator = calls.get("fc-rx6nuQwAn0btBQq09uCOka");
  assert.deepEqual(
    items.after(generator?.number ?? 0, 0, 10, 1_000).map(({ data }) => data),
    [new Uint8Array([0]), new Uint8Array([1])],
  );
  assert.deepEqual(
    logs.after(0, {}, 10).map(({ data }) => data),
    ["squaring 7\n"],
  );
});

test("it has the same tables and indexes as a new one then, and is opened again as it is", async (t) => {
  const folder = await firstRelease(t);
  openStore(folder).database.close();
  const old = openStore(folder).database;
  const fresh = openStore(undefined).database;
  const schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
  const shape = (rows: Record<string, unknown>[]) =>
    rows.map(({ name, sql }) => [name, String(sql).replace(/\s+/g, " ")]);
  assert.deepEqual(shape(old.statement(schema).all()), shape(fresh.statement(schema).all()));
  assert.equal(old.statement("PRAGMA user_version").get()?.user_version, migrations.length);
  old.close();
  fresh.close();
});
