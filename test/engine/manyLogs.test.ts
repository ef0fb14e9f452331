import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEntry } from "../../src/client/index.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const LINES = 100_500;

const source = `import modal

app = modal.App("loud")

@app.function()
def count(lines):
    for line in range(lines):
        print(line)
`;

const linesTo = (end: number) => Array.from({ length: end }, (_, line) => `${line}\n`).join("");
const everyLine = linesTo(LINES);
const afterwards = linesTo(3);

async function textOf(entries: AsyncIterable<LogEntry> | Iterable<LogEntry>): Promise<string> {
  let text = "";
  for await (const entry of entries) text += entry.text;
  return text;
}

/** Without the diff of a megabyte that `assert.equal` would make. */
function assertSame(text: string, wanted: string): void {
  assert.equal(text.length, wanted.length);
  assert.ok(text === wanted, "the lines are others, or in another order");
}

test("more than 100,000 lines are read whole: by following, to the end of what there is, and by time", async (t) => {
  const harness = await EngineHarness.start(t);
  const [app] = (await harness.deploy(source)).apps;
  const appId = app?.appId ?? "";
  const modal = harness.modal();
  const count = modal.functions.fromName("loud", "count");
  const call = await count.spawn([LINES]);

  let followed = "";
  const left = new AbortController();
  const follower = (async () => {
    for await (const { text } of modal.logs.stream({ appId, follow: true, signal: left.signal })) followed += text;
  })();
  follower.catch(() => {});
  await call.get();
  await until("all lines are followed", () => followed.length >= everyLine.length);
  await count.remote([3]);
  await until("what came behind them is followed too", () => followed.length > everyLine.length + 5);
  assertSame(followed, everyLine + afterwards);
  left.abort(new Error("enough"));
  await assert.rejects(follower, /enough/);

  assertSame(await textOf(modal.logs.stream({ appId })), everyLine + afterwards);
  assertSame(await textOf(call.logs.stream()), everyLine);
  assertSame(await textOf(call.logs.stream({ follow: true })), everyLine);
  assertSame(await textOf(call.logs.fetch()), everyLine);
  assertSame(await textOf(await call.logs.tail({ limit: 20_000 })), everyLine.split("\n").slice(-20_001).join("\n"));
});
