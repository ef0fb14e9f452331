import assert from "node:assert/strict";
import { test } from "node:test";
import { ObjectCreationType as Creation } from "../../src/proto/gen/modal_pb.js";
import { bytes } from "./dictHarness.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const NEW = { objectCreationType: Creation.CREATE_IF_MISSING };
const WAITS = bytes("waits");

/** `modal.Dict` and `modal.Queue` in containers of the engine's own worker. */
const SOURCE = `
import asyncio
import queue as stdlib
import modal

app = modal.App("shared")
state = modal.Dict.from_name("state", create_if_missing=True)
jobs = modal.Queue.from_name("jobs", create_if_missing=True)

@app.function()
def use_dict():
    state.clear()
    state["a"] = 1
    state.update({"b": {"deep": [1, 2]}}, c=None)
    seen = [state["a"], "a" in state, "z" in state, state.get("z", 9), state["b"], state.len()]
    seen += [state.put("a", 5, skip_if_exists=True), state.put("d", b"x" * 200_000), state["a"], len(state["d"])]
    seen += [sorted(state.keys()), len(list(state.values())), state.pop("c", 7), state.pop("c", 7)]
    del state["d"]
    seen.append(sorted(state.items(), key=str))
    try:
        state["gone"]
    except KeyError as error:
        seen.append(str(error))
    return seen

@app.function()
async def use_queue():
    await jobs.clear.aio(all=True)
    await jobs.put.aio({"n": 1})
    await jobs.put_many.aio([2, 3], partition="other", partition_ttl=60)
    seen = [await jobs.len.aio(total=True), [n async for n in jobs.iterate.aio(partition="other")]]
    seen += [await jobs.get.aio(), await jobs.get_many.aio(5, partition="other"), await jobs.get.aio(block=False)]
    try:
        await jobs.get.aio(timeout=0.01)
    except stdlib.Empty:
        seen.append("empty")
    try:
        await jobs.put_many.aio([0] * 5_000)
        await jobs.put.aio(0, timeout=0.01)
    except stdlib.Full as error:
        seen.append(str(error))
    try:
        await jobs.put.aio(b"x" * 1_100_000, partition="large")
    except modal.exception.RequestSizeError:
        seen.append("too large")
    return seen

@app.function()
def produce(out, n):
    for i in range(n):
        out.put(i)
    out.put(None)

@app.function()
def pass_on(n):
    with modal.Queue.ephemeral() as pipe:
        call = produce.spawn(pipe, n)
        values = []
        while (value := pipe.get()) is not None:
            values.append(value)
        call.get()
        return values

@app.function()
def wait_for(name):
    queue = modal.Queue.from_name(name)
    queue.put(1, partition="waits")
    return queue.get()

@app.function()
async def wait_in_loop(name):
    queue = modal.Queue.from_name(name)
    await queue.put.aio(1, partition="waits")
    return await queue.get.aio()

@app.function(max_containers=1)
def meet(role):
    return jobs.get(partition="meet") if role == "takes" else jobs.put(role, partition="meet")

@app.function()
def manage():
    modal.Dict.objects.create("managed")
    try:
        modal.Dict.objects.create("managed")
    except modal.exception.AlreadyExistsError:
        pass
    names = [one.name for one in modal.Dict.objects.list()]
    info = modal.Dict.from_name("managed").info()
    modal.Dict.objects.delete("managed")
    modal.Dict.objects.delete("managed", allow_missing=True)
    try:
        modal.Dict.from_name("managed").len()
    except modal.exception.NotFoundError as error:
        return [sorted(names), info.name, info.created_at.tzinfo is not None, str(error)]
`;

test("functions use dicts and queues", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const { functions } = harness.modal();
  const call = async (name: string, ...args: unknown[]) => (await functions.lookup("shared", name)).remote(args);

  await t.test("a dict, by its methods and by brackets", async () => {
    assert.deepEqual(await call("use_dict"), [
      ...[1, true, false, 9, { deep: [1, 2] }, 3],
      ...[false, true, 1, 200_000],
      ...[["a", "b", "c", "d"], 4, null, 7],
      [
        ["a", 1],
        ["b", { deep: [1, 2] }],
      ],
      `'gone not in dict ${(await harness.service().dictGetOrCreate({ deploymentName: "state" })).dictId}'`,
    ]);
  });

  await t.test("a queue, in an event loop, until it is full", async () => {
    const full =
      "The queue is full: 5000 of the 5000 items that a partition can have are there; get some of them first.";
    assert.deepEqual(await call("use_queue"), [3, [2, 3], { n: 1 }, [2, 3], null, "empty", full, "too large"]);
  });

  await t.test("a queue without a name goes to another function as its argument", async () => {
    assert.deepEqual(await call("pass_on", 3), [0, 1, 2]);
  });

  await t.test("they are made, listed and deleted by name", async () => {
    const message =
      "There is no dict managed in the environment main; create it, for example with `modal dict create`.";
    assert.deepEqual(await call("manage"), [["managed", "state"], "managed", true, message]);
  });

  await t.test("who waits for a queue leaves the place of its container to who puts into it", async () => {
    const meet = await functions.lookup("shared", "meet");
    const taking = await meet.spawn(["takes"]);
    await meet.remote(["gives"]);
    assert.equal(await taking.get(), "gives");
  });

  for (const name of ["wait_for", "wait_in_loop"]) {
    await t.test(`an input that is cancelled in ${name} takes nothing from the queue`, async () => {
      const service = harness.service();
      const { queueId } = await service.queueGetOrCreate({ deploymentName: name, ...NEW });
      const waiting = await (await functions.lookup("shared", name)).spawn([name]);
      await until("it waits", async () => (await service.queueLen({ queueId, partitionKey: WAITS })).len === 1);
      await waiting.cancel();
      await assert.rejects(waiting.get());
      await service.queuePut({ queueId, values: [WAITS] });
      assert.equal((await service.queueLen({ queueId })).len, 1);
    });
  }
});
