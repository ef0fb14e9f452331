import assert from "node:assert/strict";
import { test } from "node:test";
import { LazyLocalTarget } from "../../src/targets/lazyLocalTarget.ts";
import { EngineStartError } from "../../src/targets/targetError.ts";

/** A target that answers with failures first, then well. */
function fakeTarget(failures: number) {
  const seen = { loads: 0, stops: 0, closed: false };
  let attempts = 0;
  const answer = async <T>(value: T): Promise<T> => {
    attempts += 1;
    if (attempts <= failures) throw new EngineStartError("The engine cannot be started.");
    return value;
  };
  const load = async () => {
    seen.loads += 1;
    return {
      name: "Local" as const,
      dataFolder: "/data",
      modal: () => answer({} as never),
      engine: () => answer({} as never),
      stop: async () => {
        seen.stops += 1;
      },
      close: () => {
        seen.closed = true;
      },
    };
  };
  return { seen, load };
}

test("loads nothing until it is needed, and once", async () => {
  const { seen, load } = fakeTarget(0);
  const target = new LazyLocalTarget(load);
  assert.deepEqual(target.state, { status: "notStarted" });
  await target.close();
  assert.equal(seen.loads, 0);
  await Promise.all([target.modal(), target.engine()]);
  assert.equal(seen.loads, 1);
  await target.close();
  assert.ok(seen.closed);
});

test("says how it stands: starting, failed with the reason, running", async () => {
  const { load } = fakeTarget(1);
  const target = new LazyLocalTarget(load);
  const states: string[] = [];
  const stop = target.onChange(() => states.push(target.state.status));
  await assert.rejects(target.modal(), EngineStartError);
  assert.equal(target.state.status === "failed" && target.state.error.message, "The engine cannot be started.");
  await target.modal();
  await target.modal();
  stop();
  assert.deepEqual(states, ["starting", "failed", "starting", "running"]);
});

test("restart ends the engine and comes back", async () => {
  const { seen, load } = fakeTarget(0);
  const target = new LazyLocalTarget(load);
  await target.restart();
  assert.equal(seen.stops, 1);
  assert.equal(target.state.status, "running");
});
