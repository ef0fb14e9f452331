import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { collected, until } from "../engine/engineHarness.ts";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** What is around functions, as Modal's official JavaScript SDK sees it on the local engine: logs, metrics, environments. */

const source = `import sys
import modal

app = modal.App("interop")

@app.function()
def greet(name: str):
    print("hello " + name)
    print("aside", file=sys.stderr)
    return name
`;

async function deployed(t: TestContext) {
  const { harness, modal } = await sdkOnEngine(t, source);
  return { harness, modal, greet: await modal.functions.fromName("interop", "greet") };
}

test("logs of a call and of a function are streamed, tailed and fetched", async (t) => {
  const { greet } = await deployed(t);
  const since = new Date();
  const call = await greet.spawn(["Ada"]);
  const written = (entries: readonly { source: string; message: string }[]) =>
    entries.map(({ source: stream, message }) => `${stream}: ${message}`).sort();
  const both = ["stderr: aside\n", "stdout: hello Ada\n"];
  assert.deepEqual(written(await collected(call.logs.stream())), both);
  await until("both are stored", async () => (await collected(call.logs.tail())).length === 2);
  assert.deepEqual(written(await collected(call.logs.fetch({ since }))), both);
  assert.deepEqual(written(await collected(greet.logs.tail({ entries: 100, source: "stderr" }))), ["stderr: aside\n"]);
  const found = await collected(greet.logs.fetch({ since, searchText: "Ada" }));
  assert.deepEqual(written(found), ["stdout: hello Ada\n"]);
  assert.ok(found[0]?.contextIds.includes(call.functionCallId));
  assert.ok((found[0]?.timestamp ?? 0) >= since);
});

test("metrics count the calls that succeeded", async (t) => {
  const { greet } = await deployed(t);
  for (const name of ["Ada", "Grace", "Alan"]) await greet.remote([name]);
  const end = new Date(Date.now() + 120_000);
  const since = new Date(Date.now() - 600_000);
  const metrics = await greet.metrics.export({ since, until: end, bucketSizeSecs: 60, groups: ["calls"] });
  const points = metrics.series.successful_calls_count?.points ?? [];
  assert.equal(
    points.reduce((total, { value }) => total + (value ?? 0), 0),
    3,
  );
  assert.equal(metrics.bucketSizeSecs, 60);
});

test("environments are made and listed", async (t) => {
  const { modal } = await deployed(t);
  await modal.environments.fromName("dev", { createIfMissing: true });
  const environments = await collected(modal.environments.objects.list());
  assert.deepEqual(environments.map(({ name }) => name).sort(), ["dev", "main"]);
  for (const { environmentId } of environments) assert.match(environmentId, /^en-\w{22}$/);
});
