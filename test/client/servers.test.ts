import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { Servers } from "../../src/client/connection/servers.ts";
import { ModalClient } from "../../src/client/index.ts";
import { FakeModal, until } from "./fakeModal.ts";
import { deadPort, Relay } from "./relay.ts";

const LIMIT = { timeout: 20_000 };
const PLAIN = { metadata: {}, useProxy: true };

function portOf(server: { readonly url: string }): number {
  return Number(new URL(server.url).port);
}

test("of several servers the first is used, and the others are left alone while it answers", LIMIT, async () => {
  await using first = await FakeModal.start();
  await using second = await Relay.silent();
  const modal = first.client({ url: `${first.url}, ${second.url}` });
  assert.equal(await modal.functions.fromName("app", "square").remote([3]), 9);
  assert.equal(second.numConnections, 0);
});

test("when the first server is dead, the next one is used at once", LIMIT, async () => {
  await using second = await FakeModal.start();
  const modal = second.client({ url: `http://127.0.0.1:${await deadPort()},${second.url}` });
  assert.equal(await modal.functions.fromName("app", "square").remote([3]), 9);
});

test("when the first server does not answer, the next one is tried beside it", LIMIT, async () => {
  await using first = await Relay.silent();
  await using second = await FakeModal.start();
  const servers = new Servers(`${first.url},${second.url}`, { ...PLAIN, staggerMs: 20 });
  const [one, other] = await Promise.all([servers.current(), servers.current()]);
  assert.equal(one.url, second.url);
  assert.equal(other, one);
  assert.equal(first.numConnections, 1);
  servers.close();
});

test("when the server in use goes, the next one takes over", LIMIT, async () => {
  const first = await FakeModal.start();
  await using second = await FakeModal.start();
  const modal = second.client({ url: `${first.url},${second.url}` });
  const fn = modal.functions.fromId("fu-1");
  await fn.getCurrentStats();
  assert.equal(second.seen.length, 0);
  await first[Symbol.asyncDispose]();
  assert.equal((await fn.getCurrentStats()).backlog, 4);
  assert.equal(second.requests("functionGetCurrentStats").length, 1);
});

test("when no server can be reached in time, all are named; later it is tried again", LIMIT, async () => {
  await using server = await FakeModal.start();
  const [first, second] = [await deadPort(), await deadPort()];
  const servers = new Servers(`http://127.0.0.1:${first},http://127.0.0.1:${second}`, {
    ...PLAIN,
    connectTimeoutMs: 150,
  });
  await assert.rejects(servers.current(), ({ name, message }: Error) => {
    assert.equal(name, "ConnectionError");
    return message.includes(`:${first}, http://127.0.0.1:${second};`);
  });
  await using _relay = await Relay.to(portOf(server), { port: second, host: "127.0.0.1" });
  assert.equal((await servers.current()).url, `http://127.0.0.1:${second}`);
  servers.close();
});

test("every URL of the list must be one", () => {
  for (const url of ["http://127.0.0.1:1,", "http://127.0.0.1:1,ftp://x", "unix", ","]) {
    assert.throws(() => new Servers(url, PLAIN), { name: "InvalidError", message: /URL/ });
  }
});

test("a server can be reached through a Unix socket", { ...LIMIT, skip: process.platform === "win32" }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-socket-"));
  await using server = await FakeModal.start();
  await using relay = await Relay.to(portOf(server), { path: join(folder, "modal socket") });
  const modal = server.client({ url: `unix://${folder}/modal%20socket` });
  assert.equal(await modal.functions.fromName("app", "square").remote([3]), 9);
  assert.equal(relay.numConnections, 1);
  await rm(folder, { recursive: true });
});

test("https means TLS with HTTP/2 from the first byte", LIMIT, async () => {
  await using server = await Relay.silent();
  const modal = new ModalClient({ url: `https://localhost:${server.port}`, tokenId: "ak-1", tokenSecret: "as-1" });
  const apps = modal.apps.list();
  apps.catch(() => {});
  await until(() => server.firstBytes.length > 0);
  const hello = server.firstBytes.toString("latin1");
  assert.equal(server.firstBytes[0], 0x16, "a TLS handshake");
  assert.ok(hello.includes("\x00\x09localhost"), "the server's name");
  assert.ok(hello.includes("\x02h2"), "HTTP/2");
  modal.close();
  await assert.rejects(apps, { name: "ClientClosed" });
});

test(
  "a proxy from the environment is used, but not for this machine and not when it is turned off",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using proxy = await Relay.proxy(portOf(server));
    const saved = { ...process.env };
    Object.assign(process.env, { grpc_proxy: proxy.url, no_grpc_proxy: "nothing.test" });
    try {
      const direct = server.client();
      assert.equal(await direct.functions.fromName("app", "square").remote([3]), 9);
      assert.equal(proxy.numConnections, 0);
      const proxied = server.client({ url: "http://modal.test:1" });
      assert.equal(await proxied.functions.fromName("app", "square").remote([4]), 16);
      assert.equal(proxy.numConnections, 1);
      // Every address of this machine, and none that is known to be its own.
      const turnedOff = server.client({ url: `http://0.0.0.0:${portOf(server)}`, useProxy: false });
      assert.equal(await turnedOff.functions.fromName("app", "square").remote([5]), 25);
      assert.equal(proxy.numConnections, 1);
    } finally {
      for (const name of ["grpc_proxy", "no_grpc_proxy"]) delete process.env[name];
      Object.assign(process.env, saved);
    }
  },
);

const CLOSING_SCRIPT = `
import { ModalClient } from ${JSON.stringify(new URL("../../src/client/index.ts", import.meta.url).href)};
const [url, silentUrl] = process.argv.slice(1);
const tokens = { tokenId: "ak-1", tokenSecret: "as-1" };
const modal = new ModalClient({ url, ...tokens });
const busy = (await modal.functions.fromName("app", "sleep").spawn()).get();
const connecting = new ModalClient({ url: silentUrl + "," + silentUrl, ...tokens });
const list = connecting.apps.list();
modal.close();
connecting.close();
const outcomes = await Promise.allSettled([busy, list]);
console.log(outcomes.map(({ reason }) => reason?.name).join());
`;

test("close lets the process end, while requests wait and while it connects", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using silent = await Relay.silent();
  server.run = () => new Promise(() => {});
  const script = spawn(process.execPath, ["--input-type=module", "--eval", CLOSING_SCRIPT, server.url, silent.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(script.stdout), once(script, "exit")]);
  assert.deepEqual([output.trim(), code], ["ClientClosed,ClientClosed", 0]);
});
