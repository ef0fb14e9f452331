import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Output } from "../../src/client/index.ts";
import { FakeModal } from "./fakeModal.ts";

/** How much of a long map the client holds: inputs that it has read, and outputs that it has made, by their own references. */

const LIMIT = { timeout: 120_000 };
/** What the server lets a client have on the way. */
const OUTSTANDING = 500;
/** The next answer may be there while the consumer works on the last one; the collector may overlook a few. */
const MOST_HELD = 3 * OUTSTANDING;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Counts which of many objects are still reachable. */
class Reachable {
  #references: WeakRef<object>[] = [];

  add<T extends object>(object: T): T {
    this.#references.push(new WeakRef(object));
    return object;
  }

  async count(): Promise<number> {
    await nextTurn(); // An object that was made or read in this turn is kept until its end.
    collectGarbage();
    this.#references = this.#references.filter((reference) => reference.deref() !== undefined);
    return this.#references.length;
  }
}

/** Maps `total` inputs, and looks after each fifth of the outputs at what is held. Returns how many outputs came. */
async function mapAndLook(server: FakeModal, total: number): Promise<number> {
  server.maxInputsOutstanding = OUTSTANDING;
  const inputs = new Reachable();
  const outputs = new Reachable();
  let read = 0;
  function* rows(): Generator<[{ x: number }]> {
    for (; read < total; read++) yield inputs.add([{ x: read }]);
  }
  const map = server.client().functions.fromName("app", "f").mapOutputs(rows());
  let taken = 0;
  for await (const output of map as AsyncIterable<Output>) {
    outputs.add(output);
    assert.equal(output.index, taken);
    taken += 1;
    assert.ok(read - taken <= MOST_HELD, `${read} inputs were read when ${taken} outputs had been taken`);
    if (taken % (total / 5) !== 0) continue;
    const [heldInputs, heldOutputs] = [await inputs.count(), await outputs.count()];
    assert.ok(heldInputs <= MOST_HELD, `${heldInputs} inputs are held after ${taken} outputs`);
    assert.ok(heldOutputs <= MOST_HELD, `${heldOutputs} outputs are held after ${taken}`);
  }
  return taken;
}

test("a map of 100,000 inputs holds no more inputs and outputs than are on the way", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([row]) => row;
  assert.equal(await mapAndLook(server, 100_000), 100_000);
});

test("neither does a map that keeps inputs for another try", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([row]) => row;
  const retryPolicy = { retries: 3, initialDelayMs: 1_000, backoffCoefficient: 1, maxDelayMs: 1_000 };
  server.callAnswer = { syncClientRetriesEnabled: true, retryPolicy };
  assert.equal(await mapAndLook(server, 20_000), 20_000);
});

test("what is kept on purpose is counted as held", async () => {
  const objects = new Reachable();
  const kept = objects.add({});
  objects.add({});
  assert.equal(await objects.count(), 1);
  assert.ok(kept);
});
