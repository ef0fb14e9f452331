import assert from "node:assert/strict";
import { glob, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { announce } from "../../src/engine/announcement.ts";
import { Database, DataFolderError } from "../../src/engine/store/database.ts";
import { migrations } from "../../src/engine/store/migrations.ts";
import { NotStoredError } from "../../src/engine/store/notStoredError.ts";
import { openStore } from "../../src/engine/store/store.ts";

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-store-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

function withTable(t: TestContext): { database: Database; add(value: number): number; values(): unknown[] } {
  const database = new Database(":memory:");
  t.after(() => database.close());
  database.transaction(() => database.statement("CREATE TABLE numbers (value INTEGER UNIQUE)").run());
  return {
    database,
    add: (value) => Number(database.statement("INSERT INTO numbers VALUES (?)").run(value).lastInsertRowid),
    values: () =>
      database
        .statement("SELECT value FROM numbers ORDER BY rowid")
        .all()
        .map((row) => row.value),
  };
}

test("writes of one turn are one transaction, in their order, and tell what they returned", async (t) => {
  const { database, add, values } = withTable(t);
  const rows = [3, 1, 2].map((value) => database.write(() => add(value)));
  assert.deepEqual(values(), [], "nothing before the turn is over");
  assert.deepEqual(await Promise.all(rows), [1, 2, 3]);
  assert.deepEqual(values(), [3, 1, 2]);
});

test("what may begin beside the commit begins when all is written, and not where a write failed", async (t) => {
  const { database, add, values } = withTable(t);
  const told: [number, unknown[]][] = [];
  const besides = (row: number) => told.push([row, values()]);
  await Promise.all([1, 2].map((value) => database.write(() => add(value), besides)));
  assert.deepEqual(told, [
    [1, [1, 2]],
    [2, [1, 2]],
  ]);
  const group = [3, 3].map((value) => database.write(() => add(value), besides));
  for (const result of await Promise.allSettled(group)) assert.equal(result.status, "rejected");
  assert.equal(told.length, 2);
});

test("a write that fails takes its group with it, and nothing of that stays", async (t) => {
  const { database, add, values } = withTable(t);
  const group = [1, 2, 2].map((value) => database.write(() => add(value)));
  for (const result of await Promise.allSettled(group)) assert.equal(result.status, "rejected");
  assert.deepEqual(values(), []);
  await database.write(() => add(4));
  assert.deepEqual(values(), [4]);
});

test("a transaction of its own is over at once, or not at all", (t) => {
  const { database, add, values } = withTable(t);
  assert.equal(
    database.transaction(() => add(5)),
    1,
  );
  assert.throws(
    () =>
      database.transaction(() => {
        add(6);
        throw new Error("no");
      }),
    /no/,
  );
  assert.deepEqual(values(), [5]);
});

test("what the store refuses is said in one sentence with what to do, and the cause is kept", async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, "x.sqlite");
  const writing = new Database(path);
  writing.transaction(() => writing.statement("CREATE TABLE numbers (value INTEGER)").run());
  const add = () => writing.statement("INSERT INTO numbers VALUES (zeroblob(100000))").run();
  t.after(() => writing.close());
  writing.statement("PRAGMA max_page_count = 4").get();
  const full = {
    name: "RpcError",
    message: /^The engine could not store this, .*\(.*disk is full.*\); make room on the disk and try again\.$/,
  };
  assert.throws(() => writing.transaction(add), full);
  await assert.rejects(writing.write(add), full);
  writing.statement("PRAGMA query_only = 1").get();
  const isCaused = (error: unknown) => error instanceof NotStoredError && error.cause instanceof Error;
  assert.throws(
    () => writing.transaction(add),
    (error: Error) =>
      isCaused(error) &&
      /\(attempt to write a readonly database\); make the engine's data folder writable/.test(error.message),
  );
});

test("what waits is written when the store is closed", async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, "x.sqlite");
  const database = new Database(path);
  database.transaction(() => database.statement("CREATE TABLE kept (value INTEGER)").run());
  const written = database.write(() => database.statement("INSERT INTO kept VALUES (1)").run());
  database.close();
  await written;
  const again = new Database(path);
  assert.equal(again.statement("SELECT count(*) AS total FROM kept").get()?.total, 1);
  again.close();
});

test("a folder that a newer version wrote is refused", async (t) => {
  const folder = await folderOf(t);
  openStore(folder).database.close();
  const sqlite = new DatabaseSync(join(folder, "engine.sqlite"));
  sqlite.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  sqlite.close();
  const before = await readFile(join(folder, "engine.sqlite"));
  assert.throws(
    () => openStore(folder),
    (error) => {
      assert.ok(error instanceof DataFolderError);
      assert.equal(error.inUse, false);
      assert.match(error.message, /newer Spawnpoint .*update Spawnpoint or choose another data folder\.$/);
      return true;
    },
  );
  assert.deepEqual(await readFile(join(folder, "engine.sqlite")), before, "it is left as it was");
});

test("a folder belongs to one engine at a time, and the second is told of the first", async (t) => {
  const folder = await folderOf(t);
  const store = openStore(folder);
  const inUse = (who: RegExp) => (error: unknown) =>
    error instanceof DataFolderError && error.inUse && who.test(error.message);
  assert.throws(() => openStore(folder), inUse(/^Another engine is using the data folder .*; stop that one .*\.$/));
  announce(folder, { url: "http://127.0.0.1:1", pid: 12, data: folder, tokenId: "ak-1", tokenSecret: "as-1" }, 1);
  assert.throws(() => openStore(folder), inUse(/^Another engine \(process 12, http:\/\/127\.0\.0\.1:1\) is using/));
  store.database.close();
  openStore(folder).database.close();
});

test("a store that may only be read, one that is damaged, and a place where none can be are said in a sentence", async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, "engine.sqlite");
  openStore(folder).database.close();
  const refused = (where: string, way: RegExp) =>
    assert.throws(() => new Database(where), { name: "DataFolderError", message: way });
  const readOnly = join(folder, "other.sqlite");
  new DatabaseSync(readOnly).exec("CREATE TABLE kept (value)");
  refused(
    `file:${readOnly}?mode=ro`,
    /cannot be opened: it may only be read; make it writable, or choose another .*\.$/,
  );
  refused(
    join(folder, "none", "x"),
    /cannot be opened: it may not be read or made there; make it accessible, or .*\.$/,
  );
  const bytes = await readFile(path);
  bytes.fill(7, 100, 4_096); // The page on which all tables are named.
  await writeFile(path, bytes);
  refused(path, /cannot be opened: it is damaged; move it away to begin anew, or import an archive of it .*\.$/);
  assert.deepEqual(await readFile(path), bytes, "it is left as it was");
});

test("a folder that cannot be one, and a file that is no store, are said in a sentence", async (t) => {
  const folder = await folderOf(t);
  const file = join(folder, "file");
  await writeFile(file, "no folder");
  assert.throws(() => openStore(file), { name: "DataFolderError", message: /cannot be used .*choose another one\.$/ });
  await writeFile(join(folder, "engine.sqlite"), "no database at all, but long enough to look like one".repeat(40));
  assert.throws(() => openStore(folder), {
    name: "DataFolderError",
    message: /cannot be opened: it is damaged, and no database any more; move it away .*\.$/,
  });
});

test("the space of what was deleted goes back to the disk, in steps", async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, "x.sqlite");
  const database = new Database(path);
  t.after(() => database.close());
  database.transaction(() => {
    database.statement("CREATE TABLE kept (value BLOB)").run();
    for (let row = 0; row < 200; row++) database.statement("INSERT INTO kept VALUES (zeroblob(100000))").run();
  });
  database.releaseSpace();
  assert.ok((await stat(path)).size > 20_000_000);
  database.transaction(() => database.statement("DELETE FROM kept WHERE rowid > 10").run());
  assert.ok(database.usedBytes < 2_000_000);
  assert.equal(database.releaseSpace(), true, "not all at once");
  while (database.releaseSpace());
  assert.ok((await stat(path)).size < 2_000_000);
});

test("a file of before can be made one that gives its space back", async (t) => {
  const path = join(await folderOf(t), "x.sqlite");
  const before = new DatabaseSync(path);
  before.exec("CREATE TABLE kept (value BLOB); INSERT INTO kept VALUES (zeroblob(5000000)); DELETE FROM kept");
  before.close();
  const database = new Database(path);
  t.after(() => database.close());
  database.releaseSpace();
  assert.ok((await stat(path)).size > 5_000_000);
  database.modernize();
  database.releaseSpace();
  assert.ok((await stat(path)).size < 1_000_000);
});

test("the folder is for its owner alone", async (t) => {
  const folder = join(await folderOf(t), "data");
  openStore(folder).database.close();
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
});

test("no statement numbers its parameters, which Node.js 22.15 would refuse", async () => {
  const engine = join(import.meta.dirname, "..", "..", "src", "engine");
  let statements = 0;
  for await (const path of glob("**/*.ts", { cwd: engine })) {
    const source = await readFile(join(engine, path), "utf8");
    statements += source.split("= ?").length - 1;
    assert.doesNotMatch(source, /[ (]\?\d/, `${path} numbers a parameter`);
  }
  assert.ok(statements > 20, "the statements were found");
});
