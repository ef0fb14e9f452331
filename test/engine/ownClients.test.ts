import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnClients } from "../../src/engine/deploy/ownClients.ts";

test("a client that was started here is known by its token, until it ends", () => {
  const clients = new OwnClients();
  const file = { python: "/venv/bin/python", package: { version: "1.5.4" }, path: "/work/app.py" };
  const [one, other] = [clients.begin(file), clients.begin(file)];
  assert.notEqual(one.tokenSecret, other.tokenSecret);
  assert.equal(clients.of(one.tokenId), one);
  assert.equal(clients.of("ak-somebody"), undefined);
  clients.end(one);
  assert.equal(clients.of(one.tokenId), undefined);
  assert.equal(clients.of(other.tokenId), other);
});
