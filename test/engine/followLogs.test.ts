import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineHarness, until } from "./engineHarness.ts";

const source = `import modal

app = modal.App("chatty")

@app.function()
def count(first, last):
    for number in range(first, last):
        print(number)
`;

test("a follower goes on where it was when the engine died and came back, without a gap and without a repeat", async (t) => {
  const harness = await EngineHarness.start(t);
  const [app] = (await harness.deploy(source)).apps;
  const modal = harness.modal();
  const count = modal.functions.fromName("chatty", "count");
  let printed = "";
  const enough = new AbortController();
  const follower = (async () => {
    const options = { appId: app?.appId ?? "", follow: true, signal: enough.signal };
    for await (const { text } of modal.logs.stream(options)) printed += text;
  })();
  follower.catch(() => {});
  const has = (last: number) => until(`${last} is there`, () => printed.endsWith(`\n${last}\n`));
  await count.remote([0, 1_000]);
  await has(999);
  await harness.end("SIGKILL");
  await harness.restart();
  await count.remote([1_000, 2_000]);
  await has(1_999);
  enough.abort(new Error("enough"));
  await assert.rejects(follower, /enough/);
  assert.equal(printed, Array.from({ length: 2_000 }, (_, number) => `${number}\n`).join(""));
});
