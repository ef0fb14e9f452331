import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrations } from "../../src/engine/store/migrations.ts";
import { openStore } from "../../src/engine/store/store.ts";

test("the default environment is always there; others are made once", () => {
  const { environments } = openStore(undefined);
  const [main] = environments.list();
  assert.deepEqual([main?.name, environments.list().length], ["main", 1]);
  assert.match(main?.environmentId ?? "", /^en-\w{22}$/);
  environments.add("dev", 5);
  const dev = environments.get("dev");
  environments.add("dev", 9);
  assert.deepEqual(environments.get("dev"), dev);
  assert.equal(dev?.createdAt, 5);
  assert.equal(environments.get("gone"), undefined);
});

test("a store of an engine that knew no environments has those of its apps", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-store-"));
  t.after(() => rm(folder, { recursive: true }));
  const before = migrations.findIndex((step) => step.includes("CREATE TABLE environments"));
  const old = new DatabaseSync(join(folder, "engine.sqlite"));
  for (const step of migrations.slice(0, before)) old.exec(step);
  old.exec(`PRAGMA user_version = ${before}`);
  old.exec("INSERT INTO apps VALUES ('ap-1', 'dev', 'a', 7, NULL), ('ap-2', 'dev', 'b', 6, 8)");
  old.close();
  const { environments, database } = openStore(folder);
  assert.deepEqual(
    environments.list().map(({ name }) => name),
    ["dev", "main"],
  );
  assert.equal(environments.get("dev")?.createdAt, 6);
  database.close();
});
