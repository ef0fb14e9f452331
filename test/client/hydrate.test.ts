import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModal } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("hydrate asks once, however often it is called, and gives the function itself", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  assert.equal(server.seen.length, 0);
  assert.equal(await fn.hydrate(), fn);
  assert.equal(await fn.hydrate(), fn);
  await fn.remote([1]);
  assert.equal(server.requests("functionGet").length, 1);
});

test(
  "environment and version of a name go into the lookup; without them the client's environment does",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const { functions } = server.client({ environmentName: "main" });
    await functions.lookup("app", "f", { environmentName: "dev", version: 3 });
    await functions.lookup("app", "f");
    const asked = server.requests("functionGet").map(({ request }) => [request.environmentName, request.appVersion]);
    assert.deepEqual(asked, [
      ["dev", 3],
      ["main", 0],
    ]);
  },
);

test("the URL of a web endpoint is told after the lookup, and such a function takes no calls", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { functions } = server.client();
  const plain = functions.fromName("app", "f");
  assert.throws(() => plain.webUrl, { name: "InvalidError", message: /f was not looked up yet; call hydrate\(\)/ });
  await plain.hydrate();
  assert.equal(plain.webUrl, undefined);
  server.functionMetadata = { webUrl: "https://me--page.example" };
  const page = await functions.lookup("app", "page");
  assert.equal(page.webUrl, "https://me--page.example");
  const refusal = { name: "InvalidError", message: /page is a web endpoint.*https:\/\/me--page\.example/ };
  await assert.rejects(page.remote(), refusal);
  await assert.rejects(page.spawn(), refusal);
  await assert.rejects(page.remoteGen().next(), refusal);
  await assert.rejects(page.forEach([[1]]), refusal);
  await assert.rejects(page.spawnMap([[1]]), refusal);
  assert.equal(server.requests("functionMap").length, 0);
});
