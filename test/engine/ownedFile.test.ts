import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeOwnedFile } from "../../src/engine/ownedFile.ts";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "spawnpoint-owned-"));
});
after(() => rmSync(folder, { recursive: true }));

test("a file is replaced whole, and only its owner may read it", () => {
  const path = join(folder, "key");
  writeFileSync(path, "something longer before", { mode: 0o644 });
  writeOwnedFile(path, "after");
  assert.equal(readFileSync(path, "utf8"), "after");
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("nothing is left of a file that cannot be put in its place", () => {
  const before = readdirSync(folder);
  assert.throws(() => writeOwnedFile(folder, "content"), { code: /EISDIR|ENOTEMPTY|EEXIST/ });
  assert.deepEqual(readdirSync(folder), before);
  assert.deepEqual(
    readdirSync(tmpdir()).filter((name) => name.startsWith(`${folder.split("/").pop()}.`)),
    [],
  );
});
