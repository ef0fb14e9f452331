import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { NotFoundError, RemoteError, TimeoutError } from "modal";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** Modal's official JavaScript SDK, as it is, on the local engine: the wire as somebody else reads it. */

const source = `import time
import modal

app = modal.App("interop")

@app.function()
def describe(name: str, times: int = 1, **options):
    return {"text": name * times, "options": options, "bytes": b"\\x00\\xff", "number": 2.5, "nothing": None}

@app.function()
def fail(reason: str):
    raise ValueError(reason)

@app.function()
def sleep(seconds: float):
    time.sleep(seconds)
    return "awake"

@app.function()
def echo(data: bytes):
    return data
`;

const LARGER_THAN_A_BLOB_LIMIT = 3 * 1024 * 1024;

async function deployed(t: TestContext) {
  const { modal } = await sdkOnEngine(t, source);
  return (name: string) => modal.functions.fromName("interop", name);
}

test("remote takes arguments of both kinds and returns every kind of value", async (t) => {
  const fn = await deployed(t);
  const value = await (await fn("describe")).remote(["ab"], { times: 2, colour: "red" });
  assert.deepEqual(value, {
    text: "abab",
    options: { colour: "red" },
    bytes: Buffer.from([0, 255]),
    number: 2.5,
    nothing: null,
  });
});

test("spawn returns a call that can be waited for, by its id too", async (t) => {
  const fn = await deployed(t);
  const call = await (await fn("describe")).spawn(["x"]);
  assert.match(call.functionCallId, /^fc-\w{22}$/);
  assert.equal((await call.get()).text, "x");
});

test("get gives up after its time, and cancel ends the call", async (t) => {
  const fn = await deployed(t);
  const call = await (await fn("sleep")).spawn([600]);
  await assert.rejects(call.get({ timeoutMs: 0 }), TimeoutError);
  await assert.rejects(call.get({ timeoutMs: 200 }), TimeoutError);
  await call.cancel();
  await assert.rejects(call.get(), RemoteError);
});

test("what a function raises arrives as a RemoteError that names it", async (t) => {
  const fn = await deployed(t);
  await assert.rejects((await fn("fail")).remote(["no reason"]), (error) => {
    return error instanceof RemoteError && error.message.includes("ValueError('no reason')");
  });
});

test("a function that is not deployed is not found", async (t) => {
  const fn = await deployed(t);
  await assert.rejects(fn("missing"), NotFoundError);
});

test("values above the SDK's own limit for messages need no blobs", async (t) => {
  const fn = await deployed(t);
  const echo = await fn("echo");
  const data = Buffer.alloc(LARGER_THAN_A_BLOB_LIMIT, 7);
  assert.ok(data.equals(await echo.remote([new Uint8Array(data)])));
});

test("stats count runners and backlog", async (t) => {
  const fn = await deployed(t);
  const sleep = await fn("sleep");
  assert.deepEqual(await sleep.getCurrentStats(), { backlog: 0, numTotalRunners: 0 });
  assert.equal(await sleep.remote([0]), "awake");
  assert.deepEqual(await sleep.getCurrentStats(), { backlog: 0, numTotalRunners: 1 });
});

test("many calls at once are all answered", async (t) => {
  const fn = await deployed(t);
  const describe = await fn("describe");
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const values = await Promise.all(names.map((name) => describe.remote([name])));
  assert.deepEqual(
    values.map(({ text }) => text),
    names,
  );
});
