import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallEvent } from "../../src/calls/callState.ts";
import { CallWatch } from "../../src/calls/callWatch.ts";
import { callRecord } from "./callRecord.ts";
import { FakeServer, output } from "./fakeServer.ts";

const record = callRecord({ functionName: "count", kind: "run" });

/** Subscribes, and can wait until there are so many rows. */
function listen(watch: CallWatch) {
  const previews: string[] = [];
  let wake = () => {};
  const stop = watch.subscribe((event: CallEvent) => {
    if (event.type === "rows") previews.push(...event.rows.map(({ index, preview }) => `${index}: ${preview}`));
    wake();
  });
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { previews, stop, until };
}

test("items of a generator are rows that arrive while it runs", async () => {
  const server = new FakeServer(1);
  server.yields(10, 20);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  await heard.until(() => heard.previews.length === 2);
  assert.deepEqual(heard.previews, ["0: 10", "1: 20"]);
  assert.equal(watch.summary.finishedAt, undefined);
  assert.equal(watch.summary.counts.PENDING, 1);
  server.yields("last");
  server.give(output(0, undefined));
  await heard.until(() => watch.summary.finishedAt !== undefined);
  heard.stop();
  assert.deepEqual(heard.previews, ["0: 10", "1: 20", "2: last"]);
  assert.equal(watch.summary.isGenerator, true);
  assert.deepEqual([watch.summary.inputs, watch.summary.counts.SUCCESS, watch.summary.counts.PENDING], [3, 3, 0]);
  assert.deepEqual(await watch.value(1), { kind: "json", text: "20" });
});

test("a generator's failure is the row after its items", async () => {
  const server = new FakeServer(1);
  server.yields(10);
  server.give(output(0, undefined, { status: "FAILURE", exception: "ValueError('no')", traceback: "Traceback" }));
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  await heard.until(() => watch.summary.finishedAt !== undefined);
  heard.stop();
  assert.deepEqual(heard.previews, ["0: 10", "1: ValueError('no')"]);
  assert.equal(watch.summary.counts.FAILURE, 1);
  assert.deepEqual(await watch.value(1), { kind: "error", message: "ValueError('no')", traceback: "Traceback" });
});

test("a generator without items has no rows", async () => {
  const server = new FakeServer(1);
  server.yields();
  server.give(output(0, undefined));
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  await heard.until(() => watch.summary.finishedAt !== undefined);
  heard.stop();
  assert.deepEqual(heard.previews, []);
  assert.equal(watch.summary.inputs, 0);
});

test("after a server was away, items go on where they stopped", async () => {
  const server = new FakeServer(1);
  server.yields(1, 2);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  await heard.until(() => heard.previews.length === 2);
  server.goAway();
  await heard.until(() => watch.summary.problem !== undefined);
  server.comeBack();
  server.yields(3);
  server.give(output(0, undefined));
  await heard.until(() => watch.summary.finishedAt !== undefined);
  heard.stop();
  assert.deepEqual(heard.previews, ["0: 1", "1: 2", "2: 3"]);
});
