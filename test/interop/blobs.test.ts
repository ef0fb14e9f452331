import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** Modal's official JavaScript SDK with values that no message carries: it uploads and downloads blobs of the engine. */

const source = `import modal

app = modal.App("interop-blobs")

@app.function()
def size(data: bytes):
    return len(data)

@app.function()
def pattern(times: int):
    return bytes(range(250)) * times
`;

async function deployed(t: TestContext) {
  const { modal } = await sdkOnEngine(t, source);
  return (name: string) => modal.functions.fromName("interop-blobs", name);
}

const pattern = Buffer.from(Array.from({ length: 250 }, (_, index) => index));

for (const megabytes of [3, 120]) {
  test(`a result of ${megabytes} MB arrives whole`, async (t) => {
    const fn = await deployed(t);
    const value = await (await fn("pattern")).remote([megabytes * 4_000]);
    assert.ok(Buffer.alloc(megabytes * 1_000_000, pattern).equals(value));
  });
}

test("arguments of 120 MB are uploaded, for a call that is waited for and for one that is not", async (t) => {
  const fn = await deployed(t);
  const size = await fn("size");
  const data = new Uint8Array(120_000_000);
  assert.equal(await size.remote([data]), data.length);
  assert.equal(await (await size.spawn([data])).get(), data.length);
});
