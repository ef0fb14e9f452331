import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { CallEvent } from "../../src/calls/callState.ts";
import { CallWatch } from "../../src/calls/callWatch.ts";
import type { LogLine, ResultRow } from "../../src/calls/model.ts";
import { resultRow } from "../../src/calls/results/resultRow.ts";
import { callRecord } from "./callRecord.ts";
import { FakeServer, output } from "./fakeServer.ts";
import { graphLists } from "./graphLists.ts";

const record = callRecord();

const never = new AbortController().signal;

/** Subscribes, and can wait until what was heard meets a condition. */
function listen(watch: CallWatch) {
  const events: CallEvent[] = [];
  const waiting = new Set<() => void>();
  const stop = watch.subscribe((event) => {
    events.push(event);
    for (const check of waiting) check();
  });
  const rows = (): ResultRow[] => events.flatMap((event) => (event.type === "rows" ? event.rows : []));
  const lines = (): LogLine[] => events.flatMap((event) => (event.type === "logs" ? event.lines : []));
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { events, rows, lines, stop, until };
}

test("follows results until the call has finished, in few events", async () => {
  const server = new FakeServer(10_000);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  for (let start = 0; start < 10_000; start += 500) {
    server.give(...Array.from({ length: 500 }, (_, i) => output(start + i, (start + i) ** 2)));
    await setImmediate();
  }
  await heard.until(() => watch.summary.finishedAt !== undefined && heard.rows().length === 10_000);
  heard.stop();
  assert.deepEqual(heard.rows().at(-1)?.preview, String(9_999 ** 2));
  assert.equal(watch.summary.counts.SUCCESS, 10_000);
  assert.equal(watch.summary.counts.PENDING, 0);
  assert.equal(watch.summary.inputs, 10_000);
  assert.equal(watch.summary.finishedAt, 2_000 + 9_999);
});

test("counts by status and says what is left", async () => {
  const server = new FakeServer(4);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  server.give(
    output(0, 1),
    output(1, undefined, { status: "FAILURE", exception: "ValueError('no')" }),
    output(2, undefined, { status: "INTERNAL_FAILURE", exception: "lost" }),
  );
  await heard.until(() => heard.rows().length === 3);
  heard.stop();
  assert.deepEqual(watch.summary.counts, {
    PENDING: 1,
    SUCCESS: 1,
    FAILURE: 2,
    TERMINATED: 0,
    TIMEOUT: 0,
    INIT_FAILURE: 0,
  });
  assert.equal(watch.summary.finishedAt, undefined);
});

test("says how long the call was queued, waited for a container and ran", async () => {
  const server = new FakeServer(2);
  const watch = new CallWatch(record, server.connect);
  server.give(
    output(0, 1, { startedAt: 1_000, createdAt: 1_300 }),
    output(1, undefined, { startedAt: 1_100, createdAt: 1_200, status: "FAILURE" }),
  );
  await watch.finished(never);
  assert.deepEqual(watch.summary.times, { queuedMs: 500, startupMs: 250, executionMs: 200 });
});

test("a result that replaces another is counted once", async () => {
  const server = new FakeServer(2);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  server.give(output(0, undefined, { status: "FAILURE", exception: "x" }));
  await heard.until(() => heard.rows().length === 1);
  server.give(output(0, 5));
  await heard.until(() => heard.rows().length === 2);
  heard.stop();
  assert.equal(watch.summary.counts.FAILURE, 0);
  assert.equal(watch.summary.counts.SUCCESS, 1);
});

test("goes on from its cursor after the server went away", async () => {
  const server = new FakeServer(3);
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  server.give(output(0, "a"));
  await heard.until(() => heard.rows().length === 1);
  server.goAway();
  await heard.until(() => watch.summary.problem !== undefined);
  assert.equal(watch.summary.problem, "The engine does not answer.");
  assert.equal(watch.summary.counts.SUCCESS, 1, "what is known stays");
  server.comeBack();
  server.give(output(1, "b"), output(2, "c"));
  await heard.until(() => watch.summary.finishedAt !== undefined);
  await heard.until(() => heard.rows().length === 3);
  heard.stop();
  assert.equal(watch.summary.problem, undefined);
  assert.deepEqual(server.cursors, [undefined, "1"]);
});

test("stops polling with the last listener and goes on with the next", async () => {
  const server = new FakeServer(2);
  const watch = new CallWatch(record, server.connect);
  const first = listen(watch);
  const second = listen(watch);
  server.give(output(0, "a"));
  await second.until(() => second.rows().length === 1);
  first.stop();
  second.stop();
  await setImmediate();
  const { requests } = server;
  server.give(output(1, "b"));
  await setImmediate();
  assert.equal(server.requests, requests, "nobody listens, nothing is asked");
  const third = listen(watch);
  assert.deepEqual(
    third.rows().map((row) => row.preview),
    ["a"],
    "a late listener hears at once what is known",
  );
  await third.until(() => third.rows().length === 2);
  third.stop();
  assert.deepEqual(server.cursors, [undefined, "1"]);
});

test("a call that the server does not know has a problem and is not asked for again", async () => {
  const server = new FakeServer(1);
  server.isKnown = false;
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  await heard.until(() => watch.summary.problem !== undefined);
  assert.equal(watch.summary.problem, "There is no such call.");
  const { requests } = server;
  await setImmediate();
  assert.equal(server.requests, requests);
  heard.stop();
});

test("brings stats, the final call graph and logs", async () => {
  const server = new FakeServer(1);
  const at = {
    at: 1,
    source: "stdout",
    functionId: "fu-1",
    taskId: "ta-1",
    inputId: "in-0",
    functionCallId: "fc-1",
  } as const;
  server.logs.push({ ...at, text: "one", cursor: "1" });
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  watch.showGraph(true);
  await heard.until(() => heard.lines().length === 1);
  server.logs.push({ ...at, text: "two", cursor: "2" });
  server.graph = graphLists({ functionName: "f", functionCallId: "fc-1" });
  server.give(output(0, 1));
  await heard.until(() => heard.lines().length === 2);
  heard.stop();
  const stats = heard.events.flatMap((event) => (event.type === "stats" ? event.samples : []));
  assert.equal(stats[0]?.runners, 2);
  const graphs = heard.events.filter((event) => event.type === "graph");
  assert.equal(graphs.at(-1)?.forest.roots[0]?.counts.SUCCESS, 1);
});

test("reads the call graph while somebody looks at it, also after the end of the call", async () => {
  const server = new FakeServer(1);
  server.graph = graphLists({ functionName: "f", functionCallId: "fc-1" });
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  const graphs = () => heard.events.filter((event) => event.type === "graph").length;
  server.give(output(0, 1));
  await watch.finished(never);
  assert.equal(graphs(), 0);
  watch.showGraph(true);
  await heard.until(() => graphs() > 0);
  heard.stop();
});

test("finished resolves with the summary, or rejects when the waiting is given up", async () => {
  const server = new FakeServer(1);
  const watch = new CallWatch(record, server.connect);
  const giveUp = new AbortController();
  const waiting = watch.finished(giveUp.signal);
  giveUp.abort(new Error("given up"));
  await assert.rejects(waiting, /given up/);
  server.give(output(0, 1));
  assert.equal((await watch.finished(never)).counts.SUCCESS, 1);
  assert.equal((await watch.finished(never)).counts.SUCCESS, 1, "also when it is long over");
});

test("fetches a value when somebody looks, once while it is remembered, again after a failure", async () => {
  const server = new FakeServer(2);
  const watch = new CallWatch(record, server.connect);
  await assert.rejects(watch.value(0), /not there yet/);
  server.give(output(0, { a: [1, 2n ** 70n] }));
  const { requests } = server;
  assert.deepEqual(await watch.value(0), {
    kind: "json",
    text: '{\n  "a": [\n    1,\n    1180591620717411303424\n  ]\n}',
  });
  await watch.value(0);
  assert.equal(server.requests, requests + 2, "one to connect, one to fetch");
});

test("a large value is no preview, and is loaded when somebody looks", async () => {
  const server = new FakeServer(1);
  const watch = new CallWatch(record, server.connect);
  let isLoaded = false;
  const large = output(0, "long text", { size: undefined });
  Object.defineProperty(large, "isLoaded", { get: () => isLoaded });
  large.load = async () => {
    isLoaded = true;
    return large;
  };
  assert.deepEqual(
    [resultRow(large).preview, resultRow(large).size],
    ["A large value, which is loaded when it is opened.", undefined],
  );
  assert.equal(isLoaded, false);
  server.give(large);
  assert.deepEqual(await watch.value(0), { kind: "text", text: "long text" });
});

test("cancel reaches the server", async () => {
  const server = new FakeServer(1);
  await new CallWatch(record, server.connect).cancel({ terminateContainers: true });
  assert.deepEqual(server.cancelled, { terminateContainers: true });
});

test("asks for running inputs and containers while somebody looks at the waterfall, also after the end of the call", async () => {
  const server = new FakeServer(2);
  server.running = [{ index: 1, inputId: "in-1", taskId: "ta-2", startedAt: 1_500 }];
  const watch = new CallWatch(record, server.connect);
  const heard = listen(watch);
  const window = () => watch.waterfall({ span: undefined, bins: 100, firstRow: 0, rows: 10 });
  const told = () => heard.events.filter(({ type }) => type === "containers").length;
  const whenStartsAreKnown = async (count: number) => {
    for (;;) {
      const before = told();
      const { rows } = await window();
      if (rows.filter(({ container }) => container.startup?.to === 850).length === count) return rows;
      await heard.until(() => told() > before);
    }
  };
  server.give(output(0, 1));
  watch.showWaterfall(true);
  const rows = await whenStartsAreKnown(2);
  assert.deepEqual(
    rows.map(({ container, bars }) => [container.containerId, bars[0]?.status]),
    [
      ["ta-1", "SUCCESS"],
      ["ta-2", "PENDING"],
    ],
  );
  watch.showWaterfall(false);
  server.give(output(1, 1, { taskId: "ta-3" }));
  await watch.finished(never);
  assert.equal((await window()).rows[1]?.container.startup, undefined, "nobody asked for it");
  watch.showWaterfall(true);
  await whenStartsAreKnown(2);
  const { overall } = await watch.latency({ lastMs: undefined });
  assert.ok(overall && Math.abs(overall.p50Ms - 1_000) < 11);
  heard.stop();
});
