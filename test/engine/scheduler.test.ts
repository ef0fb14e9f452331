import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf, inputKey, MAX_INPUTS_PER_CALL } from "../../src/engine/ids.ts";
import {
  FunctionCallType as CallType,
  FunctionCallInvocationType as Invocation,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { newInputs, SchedulerHarness, settled } from "./schedulerHarness.ts";
import { deployFunctions } from "./storeHarness.ts";

const LIMITS = { maxOutputs: 100, maxBytes: 1_000_000 };

test("a call runs, and its outputs are in its log once each", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId, number } = await harness.start(newInputs(20));
  await harness.finishAll();
  const outputs = await harness.outputs(functionCallId);
  assert.deepEqual(
    outputs.map(({ entry }) => entry),
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  assert.equal(new Set(outputs.map(({ input }) => indexOf(input))).size, 20);
  assert.equal(harness.scheduler.unfinishedInputs, 0);
  assert.equal(typeof harness.store.calls.byNumber(number)?.finishedAt, "number");
});

test("the same request again is the same call, also when both come at once", async () => {
  const harness = new SchedulerHarness();
  const request = { idempotencyKey: "key-1" };
  const [first, second] = await Promise.all([
    harness.start(newInputs(2), request),
    harness.start(newInputs(2), request),
  ]);
  const third = await harness.start(newInputs(2), request);
  assert.deepEqual([second.functionCallId, third.functionCallId], Array(2).fill(first.functionCallId));
  await harness.finishAll();
  assert.equal((await harness.outputs(first.functionCallId)).length, 2);
  assert.deepEqual(harness.store.calls.counts(), { calls: 1 });
});

test("inputs that come again are taken once", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId } = await harness.start(newInputs(2), { closed: false });
  await harness.scheduler.putInputs(functionCallId, newInputs(3, 2));
  await Promise.all([
    harness.scheduler.putInputs(functionCallId, newInputs(4, 2)),
    harness.scheduler.putInputs(functionCallId, newInputs(3, 2)),
  ]);
  await harness.scheduler.closeCall(functionCallId);
  await harness.finishAll();
  const outputs = await harness.outputs(functionCallId);
  assert.deepEqual(outputs.map(({ input }) => indexOf(input)).sort(), [0, 1, 2, 3, 4, 5]);
  assert.equal(harness.scheduler.unfinishedInputs, 0);
});

test("a call that is closed while inputs come again is finished after both", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId, number } = await harness.start(newInputs(1), { closed: false });
  await harness.finishAll();
  await Promise.all([
    harness.scheduler.closeCall(functionCallId),
    harness.scheduler.putInputs(functionCallId, newInputs(1)),
  ]);
  await settled();
  assert.equal(typeof harness.store.calls.byNumber(number)?.finishedAt, "number");
});

test("an index twice in one request is one input", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId } = await harness.start([...newInputs(2), ...newInputs(2)]);
  await harness.finishAll();
  assert.equal((await harness.outputs(functionCallId)).length, 2);
});

test("an index that would be another call's is refused", async () => {
  const harness = new SchedulerHarness();
  const isInvalid = (error: unknown) => error instanceof RpcError && error.code === RpcStatus.INVALID_ARGUMENT;
  for (const index of [-1, MAX_INPUTS_PER_CALL]) {
    await assert.rejects(harness.start(newInputs(1, index)), isInvalid);
    const { functionCallId } = await harness.start([], { closed: false });
    await assert.rejects(harness.scheduler.putInputs(functionCallId, newInputs(1, index)), isInvalid);
  }
});

test("a closed call takes no more inputs", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId } = await harness.start(newInputs(1));
  await assert.rejects(harness.scheduler.putInputs(functionCallId, newInputs(1, 1)), /takes no more inputs/);
});

test("cancel reaches the calls that unfinished inputs made, and not those of finished ones", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const parent = await harness.start(newInputs(2));
  const childOf = (index: number) =>
    harness.start(newInputs(3), { functionId: harness.functionId("g"), parentInput: inputKey(parent.number, index) });
  const [kept, doomed] = [await childOf(0), await childOf(1)];
  const grandchild = await harness.start(newInputs(1), { parentInput: inputKey(doomed.number, 2) });
  await harness.ready();
  harness.live.find(({ launch }) => launch.functionId === harness.functionId("f"))?.finish();
  await harness.settle();
  await harness.scheduler.cancel(parent, false);
  await harness.settle();
  assert.deepEqual(await harness.statuses(parent.functionCallId), ["SUCCESS", "TERMINATED"]);
  assert.deepEqual(await harness.statuses(doomed.functionCallId), Array(3).fill("TERMINATED"));
  assert.deepEqual(await harness.statuses(grandchild.functionCallId), ["TERMINATED"]);
  assert.equal(harness.store.calls.get(kept.functionCallId)?.cancelled, false);
});

test("a cancel is recorded as a whole or not at all", async () => {
  const harness = new SchedulerHarness();
  const parent = await harness.start(newInputs(1));
  const child = await harness.start(newInputs(1), { parentInput: inputKey(parent.number, 0) });
  const { database, calls } = harness.store;
  const refuse = `CREATE TRIGGER refuse BEFORE UPDATE OF cancelled ON function_calls WHEN NEW.number = ${child.number}
    BEGIN SELECT raise(ABORT, 'disk is full'); END`;
  database.transaction(() => database.statement(refuse).run());
  await assert.rejects(harness.scheduler.cancel(parent, false), /could not/i);
  assert.equal(calls.byNumber(parent.number)?.cancelled, false);
  database.transaction(() => database.statement("DROP TRIGGER refuse").run());
  await harness.scheduler.cancel(parent, false);
  await harness.settle();
  for (const { functionCallId } of [parent, child]) {
    assert.deepEqual(await harness.statuses(functionCallId), ["TERMINATED"]);
  }
});

test("a call that is made while its parent is being cancelled is cancelled too", async () => {
  for (const childFirst of [true, false]) {
    const harness = new SchedulerHarness();
    const parent = await harness.start(newInputs(1));
    await harness.ready();
    for (const worker of harness.live) worker.obeys = false;
    const makeChild = () =>
      harness.start(newInputs(5), { functionId: harness.functionId("g"), parentInput: inputKey(parent.number, 0) });
    const early = childFirst ? makeChild() : undefined;
    const cancelled = harness.scheduler.cancel(parent, false);
    const children = [await (early ?? makeChild()), await makeChild()];
    await cancelled;
    await harness.settle();
    for (const { functionCallId } of children) {
      assert.deepEqual(await harness.statuses(functionCallId), Array(5).fill("TERMINATED"));
    }
  }
});

test("inputs that come after the cancel are cancelled", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1), { closed: false });
  await harness.scheduler.cancel(call, false);
  await harness.scheduler.putInputs(call.functionCallId, newInputs(2, 1));
  await harness.settle();
  assert.deepEqual(await harness.statuses(call.functionCallId), Array(3).fill("TERMINATED"));
  assert.equal(harness.scheduler.unfinishedInputs, 0);
});

test("a new engine runs what the last one left, and only that", async () => {
  const harness = new SchedulerHarness({ max_containers: 2 });
  const { functionCallId } = await harness.start(newInputs(6));
  await harness.ready();
  for (const worker of harness.live) worker.finish();
  await harness.settle();
  await harness.restart();
  assert.equal(harness.scheduler.unfinishedInputs, 4);
  await harness.finishAll();
  const outputs = await harness.outputs(functionCallId);
  assert.deepEqual(
    outputs.map(({ entry }) => entry),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(outputs.map(({ input }) => indexOf(input)).sort(), [0, 1, 2, 3, 4, 5]);
});

test("a new engine ends what was cancelled but had not stopped", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(2));
  await harness.ready();
  for (const worker of harness.live) worker.obeys = false;
  await harness.scheduler.cancel(call, false);
  await harness.restart();
  assert.deepEqual(await harness.statuses(call.functionCallId), ["TERMINATED", "TERMINATED"]);
  assert.equal(typeof harness.store.calls.get(call.functionCallId)?.finishedAt, "number");
});

test("a new engine starts although a function with work is gone, and says so in its outputs", async () => {
  const harness = new SchedulerHarness();
  const lost = await harness.start(newInputs(2));
  const fine = await harness.start(newInputs(1), { functionId: harness.functionId("g") });
  harness.undeployed.add(harness.functionId("f"));
  await harness.restart();
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(lost.functionCallId), ["INIT_FAILURE", "INIT_FAILURE"]);
  assert.match((await harness.outputs(lost.functionCallId))[0]?.exception ?? "", /no longer has it/);
  assert.deepEqual(await harness.statuses(fine.functionCallId), ["SUCCESS"]);
});

test("a new engine starts the containers that functions always have", async () => {
  const harness = new SchedulerHarness({ min_containers: 1 });
  await harness.restart();
  assert.equal(harness.live.length, 2);
});

test("stopping an app ends all that its functions had to do", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const calls = [await harness.start(newInputs(3)), await harness.start(newInputs(2))];
  await harness.ready();
  for (const worker of harness.live) worker.obeys = false;
  const late = harness.start(newInputs(1));
  harness.undeployed.add(harness.functionId("f"));
  await harness.scheduler.appStopped(harness.appId);
  calls.push(await late);
  await harness.settle();
  for (const call of calls) {
    assert.notEqual(harness.store.calls.get(call.functionCallId)?.finishedAt, undefined);
  }
  assert.equal(harness.scheduler.unfinishedInputs, 0);
  assert.equal(harness.live.length, 0);
});

test("a version that another one has followed before its turn came changes nothing", async () => {
  const harness = new SchedulerHarness({ min_containers: 1 });
  const older = deployFunctions(harness.store, ["f"], { min_containers: 1 });
  const newer = deployFunctions(harness.store, ["f"], { min_containers: 1 });
  harness.scheduler.appDeployed(newer);
  await harness.ready();
  const before = [...harness.workers];
  harness.scheduler.appDeployed(older);
  await harness.ready();
  assert.deepEqual(harness.workers, before);
  assert.ok(before.length > 0 && before.every(({ alive, stopping }) => alive && !stopping));
});

test("a function that a new version leaves out finishes its work and keeps no containers", async () => {
  const harness = new SchedulerHarness({ min_containers: 1, scaledown_window_s: 1 });
  const { functionCallId } = await harness.start(newInputs(2));
  await harness.ready();
  const app = deployFunctions(harness.store, ["g"], { min_containers: 1 });
  harness.undeployed.add(harness.functionId("f"));
  harness.scheduler.appDeployed(app);
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(functionCallId), ["SUCCESS", "SUCCESS"]);
  await harness.clock.advance(3_000, settled);
  await harness.settle();
  assert.deepEqual(
    harness.scheduler.containers().map(({ functionId }) => functionId),
    [harness.functionId("g")],
  );
});

test("a held read is answered by the first output, and by the end of a call", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const { functionCallId } = await harness.start(newInputs(2));
  await harness.ready();
  const read = (after: number) => harness.scheduler.outputs(functionCallId, { after, limits: LIMITS }, 3_600_000);
  const first = read(0);
  harness.live[0]?.finish();
  await harness.settle();
  assert.equal((await first).outputs.length, 1);
  const second = read(1);
  harness.live[0]?.finish();
  await harness.settle();
  assert.equal((await second).outputs.length, 1);
  assert.deepEqual(await read(2), { outputs: [], unfinished: 0 });
});

test("a reader that goes away, or asks for longer than a timer can wait, holds nothing up", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId } = await harness.start(newInputs(1));
  const reader = new AbortController();
  const read = harness.scheduler.outputs(functionCallId, { after: 0, limits: LIMITS }, 1e15, reader.signal);
  assert.equal(await Promise.race([read, settled()]), undefined, "held");
  reader.abort();
  assert.deepEqual(await read, { outputs: [], unfinished: 1 });
});

test("an output that cannot be stored is stored later", async () => {
  const harness = new SchedulerHarness();
  const { functionCallId } = await harness.start(newInputs(1));
  await harness.ready();
  harness.store.database.transaction(() => harness.store.database.statement(REFUSE_OUTPUTS).run());
  harness.live[0]?.finish();
  await harness.settle();
  assert.equal(harness.scheduler.unfinishedInputs, 1);
  harness.store.database.transaction(() => harness.store.database.statement("DROP TRIGGER full_disk").run());
  await harness.clock.advance(1_000, settled);
  await harness.settle();
  assert.deepEqual(await harness.statuses(functionCallId), ["SUCCESS"]);
  assert.equal(harness.scheduler.unfinishedInputs, 0);
});

test("an output that is stored later than others comes after them in the log, where readers find it", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const { functionCallId } = await harness.start(newInputs(2));
  await harness.ready();
  const read = async (after: number) =>
    (await harness.scheduler.outputs(functionCallId, { after, limits: LIMITS }, 0)).outputs;
  assert.deepEqual(await read(0), []);
  harness.store.database.transaction(() => harness.store.database.statement(REFUSE_OUTPUTS).run());
  harness.live[0]?.finish();
  await harness.settle();
  harness.store.database.transaction(() => harness.store.database.statement("DROP TRIGGER full_disk").run());
  harness.live[0]?.finish();
  await harness.settle();
  const [first] = await read(0);
  assert.equal(first && indexOf(first.input), 1);
  await harness.clock.advance(1_000, settled);
  await harness.settle();
  const [second] = await read(first?.entry ?? 0);
  assert.equal(second && indexOf(second.input), 0);
});

test("what cannot be stored is not accepted", async () => {
  const harness = new SchedulerHarness();
  harness.store.database.transaction(() => harness.store.database.statement(REFUSE_INPUTS).run());
  await assert.rejects(harness.start(newInputs(1)), /could not store this, so nothing was accepted \(disk is full\)/);
  assert.deepEqual(harness.store.calls.counts(), { calls: 0 });
  assert.equal(harness.scheduler.unfinishedInputs, 0);
});

test("who waits has a container begin beside the commit; where that fails, nothing comes of it", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  await harness.start(newInputs(1), WAITED_FOR);
  await harness.finishAll();
  const [worker] = harness.live;
  const { database } = harness.store;
  database.transaction(() => {
    for (const sql of REFUSE_COMMITS) database.statement(sql).run();
  });
  await assert.rejects(harness.start(newInputs(1), WAITED_FOR), /could not store this, so nothing was accepted/);
  assert.equal(worker?.received.size, 2, "the container had it");
  await harness.settle();
  assert.equal(worker.running, undefined, "and was told to stop");
  assert.equal(harness.scheduler.unfinishedInputs, 0);
  assert.deepEqual(harness.store.calls.counts(), { calls: 1 });
  database.transaction(() => database.statement("DROP TRIGGER full_disk").run());
  const { functionCallId } = await harness.start(newInputs(1), WAITED_FOR);
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(functionCallId), ["SUCCESS"]);
  assert.equal(worker.received.size, 3, "its input is none that the container knows");
});

test("a request that comes again while its call is being stored finds it, and nothing begins twice", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const request = { ...WAITED_FOR, idempotencyKey: "the same" };
  const [first, again] = await Promise.all([1, 2].map(() => harness.start(newInputs(1), request)));
  assert.equal(first?.number, again?.number);
  await harness.finishAll();
  assert.equal(harness.workers[0]?.received.size, 1);
});

const WAITED_FOR = { callType: CallType.UNARY, invocationType: Invocation.SYNC };
const REFUSE_COMMITS = [
  "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
  "CREATE TABLE unmatched (id INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
  "CREATE TRIGGER full_disk AFTER INSERT ON function_calls BEGIN INSERT INTO unmatched VALUES (1); END",
];
const REFUSE_OUTPUTS =
  "CREATE TRIGGER full_disk BEFORE INSERT ON outputs BEGIN SELECT raise(ABORT, 'disk is full'); END";
const REFUSE_INPUTS = "CREATE TRIGGER full_disk BEFORE INSERT ON inputs BEGIN SELECT raise(ABORT, 'disk is full'); END";
