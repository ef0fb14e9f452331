import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AuthError } from "../../src/client/index.ts";
import { profileAccounts } from "../../src/targets/profileAccounts.ts";
import { EngineHarness } from "../engine/engineHarness.ts";

/** A configuration file with one profile for a running engine, and one with a wrong token. */
async function configFile(t: TestContext): Promise<{ path: string; harness: EngineHarness }> {
  const harness = await EngineHarness.start(t);
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-accounts-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "modal.toml");
  const { url, tokenId, tokenSecret } = harness.ready;
  const profile = (name: string, secret: string) =>
    `[${name}]\nserver_url = "${url}"\ntoken_id = "${tokenId}"\ntoken_secret = "${secret}"\n`;
  await writeFile(path, profile("good", tokenSecret) + profile("bad", "as-wrong"));
  return { path, harness };
}

test("profiles are accounts side by side, whatever the variables of Modal's tools say", async (t) => {
  const { path, harness } = await configFile(t);
  await harness.deploy("import modal\napp = modal.App('seen')\n@app.function()\ndef f(): pass\n");
  const variables = {
    MODAL_CONFIG_PATH: path,
    MODAL_TOKEN_ID: "ak-x",
    MODAL_TOKEN_SECRET: "as-x",
    MODAL_PROFILE: "bad",
  };
  const [good, bad] = profileAccounts(variables);
  assert.ok(good && bad);
  t.after(() => Promise.all([good.close(), bad.close()]));
  assert.deepEqual([good.id, bad.id], ["profile:good", "profile:bad"]);
  const modal = await good.modal();
  assert.deepEqual(
    (await modal.apps.list()).map(({ name }) => name),
    ["seen"],
  );
  assert.equal(await good.modal(), modal);
  await assert.rejects(bad.modal(), AuthError);
  assert.equal(bad.state.status, "failed");
});

test("a client for another environment speaks on the same connection", async (t) => {
  const { path, harness } = await configFile(t);
  await harness.deploy("import modal\napp = modal.App('seen')\n@app.function()\ndef f(): pass\n");
  const [good] = profileAccounts({ MODAL_CONFIG_PATH: path });
  assert.ok(good);
  const modal = await good.modal();
  await modal.environments.create("dev");
  const dev = await good.modal("dev");
  assert.equal(dev.environmentName, "dev");
  assert.deepEqual(await dev.apps.list(), []);
  assert.equal((await modal.apps.list()).length, 1);
  await good.close();
  await assert.rejects(dev.apps.list(), /closed/);
});
