import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ValueFolder } from "../../src/client/blobs/valueFolder.ts";

test("a name that is no blob's is not read", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-values-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const name of ["payloads", "uploads"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "credentials.json"), "secret");
  await writeFile(join(folder, "payloads", "other"), "secret");
  const values = new ValueFolder(folder);
  for (const name of [
    "../credentials.json",
    "other",
    join(folder, "credentials.json"),
    "bl-../../credentials.json",
    "",
  ]) {
    assert.equal(await values.read(name), undefined, name);
  }
  const known = `bl-${"a".repeat(22)}`;
  await writeFile(join(folder, "payloads", known), "value");
  assert.equal((await values.read(known))?.toString(), "value");
});
