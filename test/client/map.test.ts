import assert from "node:assert/strict";
import { test } from "node:test";
import { type FunctionCall, InvalidError, RemoteError } from "../../src/client/index.ts";
import { GenericResult_GenericStatus } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, gate, outputItem, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test("map yields all results in the order of the inputs", LIMIT, async () => {
  await using server = await FakeModal.start();
  const results = await collect(
    server
      .client()
      .functions.fromName("app", "square")
      .map([range(3_000)]),
  );
  assert.deepEqual(
    results,
    range(3_000).map((x) => x * x),
  );
});

test("map keeps the order when inputs finish backwards", LIMIT, async () => {
  await using server = await FakeModal.start();
  const gates = range(20).map(gate);
  server.run = async ([x], _kwargs, index) => {
    await gates[index]?.promise;
    gates[index - 1]?.open();
    return x;
  };
  gates[19]?.open();
  assert.deepEqual(
    await collect(
      server
        .client()
        .functions.fromName("app", "f")
        .map([range(20)]),
    ),
    range(20),
  );
});

test("map without order yields results as they are made", LIMIT, async () => {
  await using server = await FakeModal.start();
  const first = gate();
  server.run = ([x]) => (x === 0 ? first.promise.then(() => x) : x);
  const results: unknown[] = [];
  for await (const result of server
    .client()
    .functions.fromName("app", "f")
    .map([range(5)], { orderOutputs: false })) {
    results.push(result);
    if (results.length === 4) first.open();
  }
  assert.deepEqual(results, [1, 2, 3, 4, 0]);
});

test("map zips iterables of every kind, ends with the shortest, and adds kwargs", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = (args, kwargs) => [...args, kwargs];
  async function* letters() {
    yield* ["a", "b", "c"];
  }
  const results = server
    .client()
    .functions.fromName("app", "f")
    .map([new Set([1, 2]), letters()], { kwargs: { k: true } });
  assert.deepEqual(await collect(results), [
    [1, "a", { k: true }],
    [2, "b", { k: true }],
  ]);
});

test("starmap takes rows of arguments, and refuses anything else", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([a, b]) => (a as number) + (b as number);
  const fn = server.client().functions.fromName("app", "f");
  assert.deepEqual(
    await collect(
      fn.starmap([
        [1, 2],
        [3, 4],
      ]),
    ),
    [3, 7],
  );
  await assert.rejects(collect(fn.starmap([1 as never])), {
    name: "InvalidError",
    message: /fn\.starmap\(\[\[1, "a"\]/,
  });
});

test("map over something that is not an iterable says how to write it", async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  for (const wrong of [[1, 2, 3], ["text"], [], "text"]) {
    assert.throws(
      () => fn.map(wrong as never),
      (error) => error instanceof InvalidError && error.message.includes("fn.map([[1, 2, 3]])"),
    );
  }
  assert.equal(server.seen.length, 0);
});

test("a map without inputs ends", LIMIT, async () => {
  await using server = await FakeModal.start();
  assert.deepEqual(await collect(server.client().functions.fromName("app", "f").map([[]])), []);
});

test("the first failure is raised, and the reading of inputs ends", LIMIT, async () => {
  await using server = await FakeModal.start();
  let isReturned = false;
  function* endless() {
    try {
      for (let x = 0; ; x++) yield x;
    } finally {
      isReturned = true;
    }
  }
  server.run = ([x]) => {
    if (x === 3) throw new Error("three");
    return x;
  };
  const results: unknown[] = [];
  await assert.rejects(
    async () => {
      for await (const result of server.client().functions.fromName("app", "f").map([endless()])) results.push(result);
    },
    (error) => error instanceof RemoteError && error.exception === "ValueError('three')" && error.traceback !== "",
  );
  assert.deepEqual(results, [0, 1, 2]);
  await until(() => isReturned);
});

test("with returnExceptions errors stand in their places", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([x]) => {
    if (x === 1) throw new Error("one");
    return x;
  };
  const results = await collect(
    server
      .client()
      .functions.fromName("app", "f")
      .map([range(3)], { returnExceptions: true }),
  );
  assert.equal(results[0], 0);
  assert.ok(results[1] instanceof RemoteError);
  assert.equal(results[2], 2);
});

test("mapOutputs yields failures as outputs", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => {
    throw new Error("always");
  };
  const [output] = await collect(
    server
      .client()
      .functions.fromName("app", "f")
      .mapOutputs([[1]]),
  );
  assert.equal(output?.status, "FAILURE");
  assert.equal(output?.index, 0);
  assert.equal(output?.startedAt, 1_500);
  assert.throws(() => output?.value(), RemoteError);
});

test("no more inputs are under way than the server allows, also when the consumer is slow", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.maxInputsOutstanding = 600;
  let taken = 0;
  let most = 0;
  function* inputs() {
    for (let x = 0; x < 3_000; x++) {
      yield x;
      most = Math.max(most, x + 1 - taken);
    }
  }
  for await (const _ of server.client().functions.fromName("app", "f").map([inputs()])) {
    taken++;
    if (taken === 100) await until(() => server.calls.get("fc-1")?.log.length === 699);
  }
  assert.equal(taken, 3_000);
  // One more input was read, and waits at the gate.
  assert.ok(most <= 601, `${most} inputs were under way`);
});

test("inputs go out in large batches, each once, with the first ones in the map call", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.maxInputsOutstanding = 10_000;
  await collect(
    server
      .client()
      .functions.fromName("app", "f")
      .map([range(5_000)]),
  );
  const batches = [
    ...server.requests("functionMap").map(({ request }) => request.pipelinedInputs.length),
    ...server.requests("functionPutInputs").map(({ request }) => request.inputs.length),
  ];
  assert.deepEqual(Math.max(...batches), 512);
  assert.deepEqual(server.calls.get("fc-1")?.indexes, range(5_000));
  assert.ok(batches.length < 40, `${batches.length} batches`);
});

test("batches stay below 8 MiB", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([bytes]) => (bytes as Uint8Array).length;
  const inputs = range(6).map(() => new Uint8Array(3 * 1024 * 1024));
  server.functionMetadata = { maxObjectSizeBytes: 64n * 1024n * 1024n };
  const results = await collect(server.client().functions.fromName("app", "f").map([inputs]));
  assert.deepEqual(
    results,
    range(6).map(() => 3 * 1024 * 1024),
  );
  for (const { request } of server.requests("functionPutInputs")) assert.ok(request.inputs.length <= 2);
});

test("a server that takes no inputs with a map call gets them by themselves", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.takesPipelinedInputs = false;
  assert.deepEqual(
    await collect(
      server
        .client()
        .functions.fromName("app", "f")
        .map([[2, 3]]),
    ),
    [4, 9],
  );
  assert.deepEqual(server.calls.get("fc-1")?.indexes, [0, 1]);
});

test("inputs that come slowly are sent as they come", LIMIT, async () => {
  await using server = await FakeModal.start();
  const results: unknown[] = [];
  async function* afterResults() {
    for (let x = 0; x < 5; x++) {
      await until(() => results.length === x);
      yield x;
    }
  }
  for await (const result of server.client().functions.fromName("app", "f").map([afterResults()])) results.push(result);
  assert.deepEqual(results, [0, 1, 4, 9, 16]);
});

test("an output that comes twice counts once", LIMIT, async () => {
  await using server = await FakeModal.start();
  const first = gate();
  server.run = ([x]) => (x === 1 ? first.promise.then(() => x) : x);
  const results: unknown[] = [];
  for await (const result of server
    .client()
    .functions.fromName("app", "f")
    .map([[0, 1]], { orderOutputs: false })) {
    results.push(result);
    server.calls.get("fc-1")?.append(outputItem(0, GenericResult_GenericStatus.SUCCESS, { value: "again" }));
    first.open();
  }
  assert.deepEqual(results, [0, 1]);
});

test("polls carry the cursor of the answer before, and the last request acknowledges", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.maxOutputs = 2;
  await collect(
    server
      .client()
      .functions.fromName("app", "f")
      .map([range(6)]),
  );
  const polls = server.requests("functionGetOutputs").map(({ request }) => request);
  const acknowledgement = polls.pop();
  assert.deepEqual(
    polls.slice(0, 3).map(({ lastEntryId }) => lastEntryId),
    ["0-0", "2-0", "4-0"],
  );
  for (const poll of polls)
    assert.deepEqual([poll.timeout, poll.clearOnSuccess, poll.startIdx], [55, false, undefined]);
  assert.deepEqual(
    [acknowledgement?.timeout, acknowledgement?.clearOnSuccess, acknowledgement?.lastEntryId],
    [0, true, "0-0"],
  );
});

test("leaving the loop stops the producer and the poll, and acknowledges", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([x]) => (x === 0 ? x : new Promise(() => {}));
  for await (const _ of server
    .client()
    .functions.fromName("app", "f")
    .map([range(2_000)], { orderOutputs: false }))
    break;
  const polls = server.requests("functionGetOutputs");
  assert.equal(polls.at(-1)?.request.clearOnSuccess, true);
  // The first poll brought the result.
  await until(() => polls.slice(1, -1).every(({ signal }) => signal.aborted));
  assert.equal(server.requests("functionCallCancel").length, 0);
});

test("an abort ends the map with the signal's reason; onCall's handle can cancel it", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const controller = new AbortController();
  let call: FunctionCall | undefined;
  const results = server
    .client()
    .functions.fromName("app", "f")
    .map([range(10)], {
      signal: controller.signal,
      onCall: (made) => {
        call = made;
      },
    });
  const done = collect(results);
  await until(() => server.requests("functionGetOutputs").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(done, { message: "enough" });
  assert.equal(call?.functionCallId, "fc-1");
  await call?.cancel();
  assert.equal(server.requests("functionCallCancel").length, 1);
});

test("an error of the input iterable is raised as it is", LIMIT, async () => {
  await using server = await FakeModal.start();
  async function* broken() {
    yield 1;
    await until(() => server.calls.size === 1);
    throw new RangeError("no more");
  }
  server.run = () => new Promise(() => {});
  await assert.rejects(collect(server.client().functions.fromName("app", "f").map([broken()])), RangeError);
});

test("an input that cannot be serialized is an error, and nothing hangs", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  await assert.rejects(collect(fn.map([[1, () => 1]])), { name: "SerializationError" });
});

test("a busy server is asked again until it takes the inputs", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.takesPipelinedInputs = false;
  server.fail("functionPutInputs", RpcStatus.RESOURCE_EXHAUSTED, 2);
  assert.deepEqual(
    await collect(
      server
        .client()
        .functions.fromName("app", "f")
        .map([[2, 3]]),
    ),
    [4, 9],
  );
  const attempts = server.requests("functionPutInputs");
  assert.equal(attempts.length, 3);
  assert.equal(new Set(attempts.map(({ metadata }) => metadata("x-idempotency-key"))).size, 1);
});

test("a refused batch ends the map with the server's error", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.takesPipelinedInputs = false;
  server.fail("functionPutInputs", RpcStatus.NOT_FOUND, 1, "the app was stopped");
  await assert.rejects(
    collect(
      server
        .client()
        .functions.fromName("app", "f")
        .map([[2, 3]]),
    ),
    {
      name: "NotFoundError",
      message: "the app was stopped",
    },
  );
});
