import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalOf } from "../../src/engine/web/requestGuard.ts";

const host = "127.0.0.1:20001";

function status(headers: Record<string, string>, method = "GET"): number | undefined {
  return refusalOf({ method, headers: { host, ...headers } })?.status;
}

test("programs of this machine, and pages from it, may ask for anything", () => {
  assert.equal(status({}), undefined);
  assert.equal(status({}, "POST"), undefined);
  for (const name of ["localhost:20001", "[::1]:20001", "app.localhost:20001"])
    assert.equal(status({ host: name }), undefined);
  assert.equal(status({ origin: "http://localhost:3000", "sec-fetch-site": "cross-site" }, "POST"), undefined);
  assert.equal(status({ referer: "http://localhost:3000/", "sec-fetch-site": "cross-site" }), undefined);
  assert.equal(status({ origin: "http://127.0.0.1:20001", "sec-fetch-site": "same-origin" }, "PUT"), undefined);
});

test("a name that was made to lead to loopback is refused", () => {
  assert.equal(status({ host: "evil.example:20001" }), 421);
  assert.equal(status({ host: "127.0.0.1.evil.example" }), 421);
  assert.equal(status({ host: "" }), 421);
});

test("pages from elsewhere are refused, but links on them may be followed", () => {
  assert.equal(status({ origin: "https://evil.example" }, "POST"), 403);
  assert.equal(status({ origin: "null" }, "POST"), 403);
  assert.equal(status({ origin: "https://evil.example", "sec-fetch-mode": "navigate" }, "POST"), 403);
  assert.equal(status({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }), 403);
  assert.equal(status({ "sec-fetch-site": "cross-site", referer: "https://evil.example/" }), 403);
  assert.equal(status({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }), undefined);
});

test("websockets of pages from elsewhere are refused, those of this machine are not", () => {
  const upgrade = { upgrade: "websocket", connection: "Upgrade" };
  assert.equal(status(upgrade), undefined);
  assert.equal(status({ ...upgrade, origin: "http://localhost:3000" }), undefined);
  assert.equal(status({ ...upgrade, origin: "https://evil.example" }), 403);
  assert.equal(status({ ...upgrade, origin: "https://evil.example", "sec-fetch-mode": "websocket" }), 403);
});
