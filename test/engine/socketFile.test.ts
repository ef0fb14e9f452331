import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { AuthError, ModalClient } from "../../src/client/index.ts";
import { nearestUrl } from "../../src/targets/engineAddress.ts";
import { EngineHarness } from "./engineHarness.ts";

const source = `import modal

app = modal.App("near")

@app.function()
def square(x):
    return x * x
`;

const skip = process.platform === "win32" && "there are no such files";

test("programs of this machine reach the engine by a file, with its token, also when it was killed", {
  skip,
}, async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const { tokenId, tokenSecret } = harness.ready;
  const url = nearestUrl(harness.ready);
  assert.match(url, /^unix:\/\/\/.*\/engine\.sock$/);
  const modal = new ModalClient({ url, tokenId, tokenSecret });
  const stranger = new ModalClient({ url, tokenId, tokenSecret: "as-other" });
  t.after(() => {
    modal.close();
    stranger.close();
  });
  const square = modal.functions.fromName("near", "square");
  assert.equal(await square.remote([3]), 9);
  await assert.rejects(stranger.functions.fromName("near", "square").remote([3]), AuthError);
  await harness.end("SIGKILL");
  await harness.restart();
  assert.equal(await square.remote([4]), 16);
});

test("an engine whose folder is too deep for such a file has its port", async (t) => {
  const harness = await EngineHarness.start(t);
  const deep = harness.run(["--data", join(harness.folder, "d".repeat(120)), "--json"]);
  const ready = JSON.parse(await deep.firstLine);
  assert.equal(ready.socketPath, undefined);
  assert.equal(nearestUrl(ready), ready.url);
  deep.process.kill();
  await deep.ended;
});
