import assert from "node:assert/strict";
import { test } from "node:test";
import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import type { LogEntry } from "../../src/client/index.ts";
import { type AppFetchLogsRequest, FileDescriptor, type TaskLogsBatch } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

const texts = (entries: readonly LogEntry[]) => entries.map(({ text }) => text).join("");

/** A stream of `AppGetLogs` with these batches: an entry id and the texts. */
const stream = (...batches: readonly (readonly [entryId: string, texts: string, appDone?: true])[]) =>
  async function* () {
    for (const [entryId, written, appDone = false] of batches) {
      yield { entryId, appDone, items: [...written].map((data) => ({ data, timestamp: 1 })) };
    }
  };

test("a stream ends with what is there, and every entry says where it comes from", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("appGetLogs", async function* () {
    const written = { data: "a", timestamp: 1.5, inputId: "in-1", functionCallId: "fc-1" };
    yield { entryId: "1-0", taskId: "ta-1", functionId: "fu-1", items: [written, { taskState: 4 }] };
    yield { items: [{ data: "b", timestampNs: 2_000_000n, fileDescriptor: FileDescriptor.INFO }] };
  });
  const filter = {
    appId: "ap-1",
    functionId: "fu-1",
    functionCallId: "fc-1",
    taskId: "ta-1",
    source: "stderr",
  } as const;
  const [first, second] = await collect(server.client().logs.stream(filter));
  assert.deepEqual(first, {
    at: 1_500,
    source: "stdout",
    text: "a",
    functionId: "fu-1",
    taskId: "ta-1",
    inputId: "in-1",
    functionCallId: "fc-1",
    cursor: "1-0",
  });
  assert.deepEqual([second?.at, second?.source], [2, "system"]);
  const { timeout, fileDescriptor, functionId, functionCallId, taskId } =
    server.requests("appGetLogs")[0]?.request ?? {};
  assert.deepEqual([timeout, fileDescriptor], [0, FileDescriptor.STDERR]);
  assert.deepEqual([functionId, functionCallId, taskId], ["fu-1", "fc-1", "ta-1"]);
});

test("following opens the stream again where it ended, until the app is done", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("appGetLogs", stream(["1-0", "ab"], ["", ""]), stream(["2-0", "c"], ["", "", true]));
  const followed = await collect(server.client().logs.stream({ appId: "ap-1", follow: true }));
  assert.equal(texts(followed), "abc");
  const requests = server.requests("appGetLogs").map(({ request }) => [request.timeout, request.lastEntryId]);
  assert.deepEqual(requests, [
    [55, ""],
    [55, "1-0"],
  ]);
});

test("a stream that breaks goes on behind the last entry, also where a batch had no id", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  server.intercept("appGetLogs", stream(["1-0", "a"], ["", "bc"]));
  server.fail("appGetLogs", RpcStatus.UNAVAILABLE, 3);
  server.intercept("appGetLogs", stream(["2-0", "bcd"], ["3-0", "e", true]));
  assert.equal(texts(await collect(logs.stream({ appId: "ap-1", follow: true }))), "abcde");
  assert.deepEqual(
    server.requests("appGetLogs").map(({ request }) => request.lastEntryId),
    ["", "1-0", "1-0", "1-0", "1-0"],
  );
});

test("a stream that keeps breaking fails in the end; one that is refused fails at once", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  server.fail("appGetLogs", RpcStatus.NOT_FOUND, 1, "no such app");
  await assert.rejects(collect(logs.stream({ appId: "ap-1", follow: true })), { message: "no such app" });
  server.fail("appGetLogs", RpcStatus.UNAVAILABLE, 11, "too busy");
  await assert.rejects(collect(logs.stream({ appId: "ap-1" })), { name: "ServiceError", message: "too busy" });
  assert.equal(server.requests("appGetLogs").length, 12);
});

test("whoever stops inside a batch goes on with its next entry, however the batches are cut then", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  const all = stream(["3", "abc"], ["7", "defg"]);
  /** The same entries after an entry, in batches of other sizes. */
  const rest = (_: unknown) => stream(["4", "d"], ["6", "ef"], ["7", "g"])();
  for (const [read, answer] of [
    [2, all],
    [3, rest],
    [5, rest],
    [6, rest],
  ] as const) {
    server.intercept("appGetLogs", all, answer);
    const begun: LogEntry[] = [];
    for await (const entry of logs.stream({ appId: "ap-1" })) {
      begun.push(entry);
      if (begun.length === read) break;
    }
    const ended = await collect(logs.stream({ appId: "ap-1", cursor: begun.at(-1)?.cursor }));
    assert.equal(texts(begun) + texts(ended), "abcdefg", `stopped after ${read}`);
    const { lastEntryId } = server.requests("appGetLogs").at(-1)?.request ?? {};
    assert.equal(lastEntryId, read < 3 ? "" : "3");
  }
});

test("a text is searched for here while streaming, and the place is kept though nothing is found", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  server.intercept("appGetLogs", stream(["1-0", "xax"], ["2-0", "xb"]));
  const [only, ...others] = await collect(logs.stream({ appId: "ap-1", searchText: "a" }));
  assert.deepEqual([only?.text, only?.cursor, others], ["a", "+2", []]);
  assert.equal(server.requests("appGetLogs")[0]?.request.searchText, "");
});

test("leaving or aborting a stream ends it on the server", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  async function* endless(_request: unknown, { signal }: { signal: AbortSignal }) {
    yield { items: [{ data: "a" }] };
    await until(() => signal.aborted);
  }
  server.intercept("appGetLogs", endless, endless);
  for await (const _ of logs.stream({ appId: "ap-1", follow: true })) break;
  const controller = new AbortController();
  await assert.rejects(
    async () => {
      for await (const _ of logs.stream({ appId: "ap-1", follow: true, signal: controller.signal })) {
        controller.abort(new Error("enough"));
      }
    },
    { message: "enough" },
  );
  await until(() => server.requests("appGetLogs").every(({ signal }) => signal.aborted));
});

test("the last entries are looked for further and further back, or only since a time", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { logs } = server.client();
  const answer = (data: string) => () => ({ batches: [{ items: [...data].map((text) => ({ data: text })) }] });
  server.intercept("appFetchLogs", answer(""), answer("b"), answer("abc"));
  const tail = await logs.tail({ appId: "ap-1", limit: 3, until: 40 * 86_400_000, searchText: "x", source: "stdout" });
  assert.equal(texts(tail), "abc");
  const days = (request: AppFetchLogsRequest) => (40 * 86_400 - Number(request.since?.seconds)) / 86_400;
  const requests = server.requests("appFetchLogs").map(({ request }) => request as AppFetchLogsRequest);
  assert.deepEqual(requests.map(days), [1 / 24, 1, 7]);
  assert.deepEqual([requests[0]?.limit, requests[0]?.searchText, requests[0]?.source], [3, "x", FileDescriptor.STDOUT]);
  server.intercept("appFetchLogs", answer("z"));
  assert.equal(texts(await logs.tail({ appId: "ap-1", since: 5_000, until: 9_000 })), "z");
  assert.equal(server.requests("appFetchLogs").length, 4);
  for (const limit of [0, 20_001, 1.5]) {
    await assert.rejects(logs.tail({ appId: "ap-1", limit }), { name: "InvalidError", message: /1 to 20,000/ });
  }
});

/** A server with these entries, in unix milliseconds: counts and fetches as Modal's do, its buckets at multiples of their length. */
async function serverWithEntries(times: readonly number[], maxEntries = 20_000) {
  const server = await FakeModal.start();
  const fetches: { since: number; until: number }[] = [];
  let running = 0;
  let mostRunning = 0;
  const spanOf = ({ since, until: end }: { since?: Timestamp | undefined; until?: Timestamp | undefined }) => ({
    since: since ? timestampMs(since) : 0,
    until: end ? timestampMs(end) : 0,
  });
  server.intercept("appCountLogs", (request) => {
    const { since, until: end } = spanOf(request);
    const bucketMs = request.bucketSecs * 1_000;
    const first = Math.floor(since / bucketMs);
    const buckets = Array.from({ length: Math.ceil(end / bucketMs) - first }, (_, index) => (first + index) * bucketMs);
    return {
      buckets: buckets.map((from) => ({
        bucketStartAt: { seconds: BigInt(from / 1_000) },
        stdoutLogs: BigInt(
          times.filter((at) => at >= Math.max(from, since) && at < Math.min(from + bucketMs, end)).length,
        ),
      })),
    };
  });
  const fetch = async (request: AppFetchLogsRequest) => {
    const span = spanOf(request);
    fetches.push(span);
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    const found = times.filter((at) => at >= span.since && at < span.until);
    return { batches: [{ items: found.slice(-maxEntries).map((at) => ({ data: `${at} `, timestamp: at / 1_000 })) }] };
  };
  server.intercept("appFetchLogs", ...Array.from({ length: 2_000 }, () => fetch));
  return { server, fetches, mostRunning: () => mostRunning };
}

test("a span of time is fetched whole and in its order, in intervals, a few at a time", LIMIT, async () => {
  const times = Array.from({ length: 60_000 }, (_, index) => 1_000_000 + index * 10);
  const { server, fetches, mostRunning } = await serverWithEntries(times);
  await using _ = server;
  const since = 1_000_500;
  const until = 1_600_000 - 15;
  const entries = await collect(server.client().logs.fetch({ appId: "ap-1", since, until }));
  const expected = times.filter((at) => at >= since && at < until);
  assert.deepEqual(
    entries.map(({ at }) => Math.round(at)),
    expected,
  );
  assert.equal(server.requests("appCountLogs")[0]?.request.bucketSecs, 6);
  assert.ok(fetches.length >= 20 && fetches.length <= 60, `${fetches.length} fetches`);
  assert.ok(mostRunning() > 1 && mostRunning() <= 10, `${mostRunning()} at once`);
});

test("where more entries stand close together than an answer holds, none is lost", LIMIT, async () => {
  const times = Array.from({ length: 45_000 }, (_, index) => 5_000 + Math.floor(index / 40));
  const { server } = await serverWithEntries(times);
  await using _ = server;
  const entries = await collect(server.client().logs.fetch({ appId: "ap-1", since: 0, until: 60_000 }));
  assert.deepEqual(
    entries.map(({ at }) => Math.round(at)),
    times,
  );
});

test("leaving a fetch early fetches no more; too much in one millisecond is refused", LIMIT, async () => {
  const spread = Array.from({ length: 60_000 }, (_, index) => index * 10);
  const early = await serverWithEntries(spread);
  await using _early = early.server;
  for await (const entry of early.server.client().logs.fetch({ appId: "ap-1", since: 0, until: 600_000 })) {
    assert.equal(entry.at, 0);
    break;
  }
  assert.ok(early.fetches.length <= 10, `${early.fetches.length} fetches`);
  const dense = await serverWithEntries(Array.from({ length: 20_000 }, () => 7));
  await using _dense = dense.server;
  const { logs } = dense.server.client();
  await assert.rejects(collect(logs.fetch({ appId: "ap-1", since: 0, until: 10 })), {
    name: "InvalidError",
    message: /too many log entries/,
  });
  await assert.rejects(collect(logs.fetch({ appId: "ap-1", since: 2, until: 1 })), /no time/);
  await assert.rejects(collect(logs.fetch({ appId: "ap-1", since: 0, until: 36 * 86_400_000 })), /35 days/);
});

test("entries are counted by source and bucket", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("appCountLogs", () => ({
    buckets: [{ bucketStartAt: { seconds: 60n }, stdoutLogs: 3n, stderrLogs: 2n, systemLogs: 1n }],
  }));
  const counts = await server.client().logs.count({ appId: "ap-1", since: 60_000, until: 90_000, bucketSeconds: 30 });
  assert.deepEqual(counts, [{ startsAt: 60_000, stdout: 3, stderr: 2, system: 1 }]);
  assert.equal(server.requests("appCountLogs")[0]?.request.bucketSecs, 30);
});

test("the logs of a call are followed until it has finished, with what comes just after", LIMIT, async () => {
  await using server = await FakeModal.start();
  const modal = server.client();
  const call = await modal.functions.fromName("app", "f").spawn([1]);
  let finished = false;
  server.intercept(
    "functionCallGetInfo",
    ...Array.from({ length: 50 }, () => () => ({
      info: {
        functionCallId: call.functionCallId,
        createdAt: 1,
        totalInputs: 1,
        succeededInputs: { total: finished ? 1 : 0 },
      },
    })),
  );
  async function* open(_request: unknown, { signal }: { signal: AbortSignal }): AsyncGenerator<Partial<TaskLogsBatch>> {
    yield* stream(["1-0", "ab"])() as AsyncGenerator<Partial<TaskLogsBatch>>;
    finished = true;
    await until(() => signal.aborted);
  }
  server.intercept("appGetLogs", open as never, stream(["2-0", "c"]));
  assert.equal(texts(await collect(call.logs.stream({ follow: true }))), "abc");
  const requests = server.requests("appGetLogs").map(({ request }) => request);
  assert.deepEqual(
    requests.map(({ appId, functionCallId, lastEntryId, timeout }) => [appId, functionCallId, lastEntryId, timeout]),
    [
      ["ap-1", call.functionCallId, "", 55],
      ["ap-1", call.functionCallId, "1-0", 0.5],
    ],
  );
});

test("the logs of a call are fetched from when it was made, and their last ones by the call's id", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  const now = Date.now();
  server.intercept("functionCallGetInfo", () => ({ info: { createdAt: (now - 5_000) / 1_000, totalInputs: 1 } }));
  server.intercept("appCountLogs", () => ({ buckets: [] }));
  assert.deepEqual(await collect(call.logs.fetch({ until: now })), []);
  const { since, functionCallId } = server.requests("appCountLogs")[0]?.request ?? {};
  assert.deepEqual([Number(since.seconds), functionCallId], [Math.floor((now - 5_000) / 1_000), call.functionCallId]);
  server.intercept("appFetchLogs", () => ({ batches: [{ items: [{ data: "x" }] }] }));
  assert.equal(texts(await call.logs.tail({ limit: 1 })), "x");
  assert.equal(server.requests("appFetchLogs")[0]?.request.functionCallId, call.functionCallId);
});
