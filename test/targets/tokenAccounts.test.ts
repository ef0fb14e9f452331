import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../src/client/index.ts";
import { type SecretStore, TokenAccounts } from "../../src/targets/tokenAccounts.ts";
import { variablesAccount } from "../../src/targets/variablesAccount.ts";
import { EngineHarness } from "../engine/engineHarness.ts";

function secretStore(): SecretStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key) => values.get(key),
    store: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

test("a token is kept once the server has taken it, under the workspace's name, until it is removed", async (t) => {
  const { ready } = await EngineHarness.start(t);
  const { url, tokenId, tokenSecret } = ready;
  const secrets = secretStore();
  const accounts = new TokenAccounts(secrets);
  await assert.rejects(accounts.add({ url, tokenId, tokenSecret: "as-wrong" }), AuthError);
  assert.equal(secrets.values.size, 0);

  const name = await accounts.add({ url, tokenId, tokenSecret });
  assert.deepEqual(await accounts.token(name), { url, tokenId, tokenSecret });
  const [target] = await new TokenAccounts(secrets).targets();
  assert.ok(target);
  assert.deepEqual([target.id, target.name], [`token:${name}`, name]);
  assert.deepEqual(await (await target.modal()).apps.list(), []);
  await target.close();

  await accounts.remove(name);
  assert.equal(secrets.values.size, 0);
  await assert.rejects(target.modal(), /sign in again/);
});

test("the variables of Modal's tools are an account where both are set", async (t) => {
  const { ready } = await EngineHarness.start(t);
  const both = { MODAL_TOKEN_ID: ready.tokenId, MODAL_TOKEN_SECRET: ready.tokenSecret, MODAL_SERVER_URL: ready.url };
  assert.deepEqual(variablesAccount({ ...both, MODAL_TOKEN_SECRET: "" }), []);
  const [target] = variablesAccount({ ...both, MODAL_CONFIG_PATH: "/nowhere" });
  assert.ok(target);
  t.after(() => target.close());
  assert.deepEqual(await (await target.modal()).apps.list(), []);
});
