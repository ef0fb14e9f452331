import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { defaultDataFolder } from "../../src/targets/dataFolder.ts";
import { checkNodeVersion } from "../../src/targets/nodeVersion.ts";

test("the data folder is where each platform has it", () => {
  assert.equal(defaultDataFolder({ SPAWNPOINT_HOME: "here", XDG_DATA_HOME: "/x" }, "linux"), resolve("here"));
  assert.equal(defaultDataFolder({ XDG_DATA_HOME: "/x" }, "linux"), join("/x", "spawnpoint"));
  assert.equal(defaultDataFolder({}, "linux"), join(homedir(), ".local", "share", "spawnpoint"));
  assert.equal(defaultDataFolder({}, "darwin"), join(homedir(), "Library", "Application Support", "spawnpoint"));
  assert.equal(defaultDataFolder({ LOCALAPPDATA: "/local" }, "win32"), join("/local", "spawnpoint"));
});

test("a Node.js without SQLite is refused in one sentence", () => {
  for (const good of ["22.13.0", "22.20.1", "24.0.0"]) checkNodeVersion(good);
  for (const old of ["18.19.0", "20.20.2", "22.12.9"]) {
    assert.throws(() => checkNodeVersion(old), /The local engine needs Node\.js 22\.13 or newer, and this is/);
  }
});
