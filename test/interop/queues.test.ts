import assert from "node:assert/strict";
import { test } from "node:test";
import { NotFoundError, type Queue, QueueEmptyError, QueueFullError } from "modal";
import { collected } from "../engine/engineHarness.ts";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** Modal's JavaScript SDK and the engine's queues. */
test("the SDK's queues work on the engine", async (t) => {
  const { modal } = await sdkOnEngine(t, "import modal\n\napp = modal.App('any')\n\n@app.function()\ndef any(): ...\n");
  const ephemeral = async (): Promise<Queue> => {
    const queue = await modal.queues.ephemeral();
    t.after(() => queue.closeEphemeral());
    return queue;
  };

  await t.test("values of any kind, one and many, in order", async () => {
    const queue = await ephemeral();
    await queue.put({ name: "Ada", sizes: [1, 2.5, null], isNew: true });
    await queue.putMany([1, 2, 3]);
    assert.equal(await queue.len(), 4);
    assert.deepEqual(await queue.get(), { name: "Ada", sizes: [1, 2.5, null], isNew: true });
    assert.deepEqual(await queue.getMany(2), [1, 2]);
    assert.deepEqual(await queue.getMany(5), [3]);
    await assert.rejects(queue.get({ timeoutMs: 0 }), QueueEmptyError);
  });

  await t.test("partitions by themselves, and all together", async () => {
    const queue = await ephemeral();
    await queue.put(1);
    await queue.put(2, { partition: "other", partitionTtlMs: 60_000 });
    assert.deepEqual(
      [await queue.len(), await queue.len({ partition: "other" }), await queue.len({ total: true })],
      [1, 1, 2],
    );
    assert.equal(await queue.get({ partition: "other" }), 2);
    await queue.clear({ all: true });
    assert.equal(await queue.len({ total: true }), 0);
  });

  await t.test("a get that waits, and passing through a queue while it grows", async () => {
    const queue = await ephemeral();
    const waiting = queue.get();
    await queue.put("for who waits");
    assert.equal(await waiting, "for who waits");
    await queue.putMany(["a", "b"]);
    const seen: string[] = [];
    for await (const value of queue.iterate({ itemPollTimeoutMs: 60_000 })) {
      seen.push(value as string);
      if (value === "b") await queue.put("c");
      if (value === "c") break;
    }
    assert.deepEqual(seen, ["a", "b", "c"]);
    assert.deepEqual(await collected(queue.iterate()), ["a", "b", "c"], "all of them are still there");
  });

  await t.test("a full partition", async () => {
    const queue = await ephemeral();
    await queue.putMany(Array.from({ length: 5_000 }, () => 0));
    await assert.rejects(queue.put(1, { timeoutMs: 1 }), QueueFullError);
  });

  await t.test("by name, until it is deleted", async () => {
    await assert.rejects(modal.queues.fromName("tasks"), NotFoundError);
    const queue = await modal.queues.fromName("tasks", { createIfMissing: true });
    await queue.put("data");
    assert.equal(await (await modal.queues.fromName("tasks")).get(), "data");
    await modal.queues.delete("tasks");
    await assert.rejects(modal.queues.delete("tasks"), NotFoundError);
    await modal.queues.delete("tasks", { allowMissing: true });
    await assert.rejects(modal.queues.fromName("has space", { createIfMissing: true }), /cannot name a queue/);
  });
});
