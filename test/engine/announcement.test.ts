import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { announce, rememberedCredentials, withdraw } from "../../src/engine/announcement.ts";

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-announcement-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

function announced(folder: string, tokens: { tokenId: string; tokenSecret: string }, port: number) {
  const announcement = { ...tokens, url: `http://127.0.0.1:${port}`, pid: 1, data: folder };
  announce(folder, announcement, port);
  return announcement;
}

test("tokens and port of a folder are the same again, also after a crash", async (t) => {
  const folder = await folderOf(t);
  const { port, ...tokens } = rememberedCredentials(folder);
  assert.equal(port, 0);
  assert.match(tokens.tokenId, /^ak-/);
  assert.match(tokens.tokenSecret, /^as-/);
  announced(folder, tokens, 4_711);
  assert.deepEqual(rememberedCredentials(folder), { ...tokens, port: 4_711 });
});

test("the announcement is for the owner alone, and goes with the engine", async (t) => {
  const folder = await folderOf(t);
  const { port: _port, ...tokens } = rememberedCredentials(folder);
  const announcement = announced(folder, tokens, 4_711);
  announced(folder, tokens, 4_711);
  assert.deepEqual(JSON.parse(await readFile(join(folder, "engine.json"), "utf8")), announcement);
  for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
  withdraw(folder);
  withdraw(folder);
  assert.deepEqual(await readdir(folder), ["credentials.json"]);
});

test("damaged credentials are made anew", async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, "credentials.json"), '{"tokenId": "ak-');
  assert.match(rememberedCredentials(folder).tokenId, /^ak-[0-9A-Za-z]{22}$/);
});

test("without a folder tokens are new each time", () => {
  assert.notEqual(rememberedCredentials(undefined).tokenSecret, rememberedCredentials(undefined).tokenSecret);
});
