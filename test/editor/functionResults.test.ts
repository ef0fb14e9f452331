import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { FunctionResults } from "../../src/editor/functionResults.ts";
import { WindowCalls } from "./windowCalls.ts";

const square = { appName: "app", functionName: "square" };

function resultsOf(calls: WindowCalls) {
  const text = { square: "def square(x)" };
  const results = new FunctionResults({
    history: calls.history,
    watches: calls.watches,
    sourceOf: async ({ functionName }) => (functionName === "square" ? text.square : undefined),
  });
  const shown = async (source = text.square) => {
    await setImmediate(); // What was told is taken by then.
    const result = await results.of(square, source);
    return result && { isFailure: result.isFailure, preview: result.preview, durationMs: result.durationMs };
  };
  return { results, shown, text };
}

test("the result of a call is shown when it has finished, until the next call begins", async () => {
  const calls = new WindowCalls();
  const { results, shown } = resultsOf(calls);
  assert.equal(results.hasAny, false);
  const call = await calls.begin("square");
  assert.equal(await shown(), undefined);
  await calls.end(call, { SUCCESS: 1 }, [{ preview: "144" }]);
  assert.deepEqual(await shown(), { isFailure: false, preview: "144", durationMs: 500 });
  await calls.begin("square");
  assert.equal(await shown(), undefined);
});

test("a result belongs to the text that the function had when the call began", async () => {
  const calls = new WindowCalls();
  const { shown, text } = resultsOf(calls);
  const call = await calls.begin("square");
  text.square = "def square(edited)";
  await calls.end(call, { SUCCESS: 1 }, [{ preview: "144" }]);
  assert.equal(await shown(), undefined);
  assert.equal((await shown("def square(x)"))?.preview, "144");
});

test("the end of an older call does not take the place of a newer one's", async () => {
  const calls = new WindowCalls();
  const { shown } = resultsOf(calls);
  const older = await calls.begin("square");
  const newer = await calls.begin("square");
  await calls.end(newer, { SUCCESS: 1 }, [{ preview: "new" }]);
  await calls.end(older, { SUCCESS: 1 }, [{ preview: "old" }]);
  assert.equal((await shown())?.preview, "new");
});

test("a failure has its traceback for who looks, a generator its items, a large value its beginning", async () => {
  const calls = new WindowCalls();
  const { results, shown } = resultsOf(calls);
  const failing = await calls.begin("square");
  calls.watchOf(failing).values = [{ kind: "error", message: "ValueError(1)", traceback: "Traceback …" }];
  await calls.end(failing, { FAILURE: 1 }, [{ kind: "error", preview: "ValueError(1)", size: undefined }]);
  assert.deepEqual(await shown(), { isFailure: true, preview: "ValueError(1)", durationMs: 500 });
  assert.equal(await (await results.of(square, "def square(x)"))?.details(), "Traceback …");

  const generator = await calls.begin("square");
  calls.watchOf(generator).tell({ isGenerator: true });
  await calls.end(generator, { SUCCESS: 2 }, [{ preview: "1" }, { preview: "2" }]);
  assert.equal((await shown())?.preview, "2 items, the last 2");

  const large = await calls.begin("square");
  await calls.end(large, { SUCCESS: 1 }, [{ kind: "opaque", preview: "A large value", size: undefined }]);
  await shown();
  assert.equal(await (await results.of(square, "def square(x)"))?.details(), "A large value");
});

test("calls of maps and of windows before are left to their panels", async () => {
  const calls = new WindowCalls();
  const before = await calls.begin("square");
  const { results, shown } = resultsOf(calls);
  await calls.end(before, { SUCCESS: 1 }, [{ preview: "before" }]);
  assert.equal(await shown(), undefined);
  const map = await calls.begin("square", { kind: "map" });
  await calls.end(map, { SUCCESS: 3 }, [{ preview: "1" }]);
  assert.equal(await shown(), undefined);
  assert.equal(results.hasAny, true);
});

test("a call in Python gives its result, unless another one has begun since", async () => {
  const calls = new WindowCalls();
  const { results, shown } = resultsOf(calls);
  const result = { isFailure: false, preview: "local", durationMs: 1, call: undefined, details: async () => "local" };
  let changes = 0;
  results.onChange(() => changes++);
  results.begin(square)(result);
  assert.deepEqual(await shown(), { isFailure: false, preview: "local", durationMs: 1 });
  assert.equal(changes, 2);
  const take = results.begin(square);
  const call = await calls.begin("square");
  take(result);
  assert.equal(await shown(), undefined);
  await calls.end(call, { SUCCESS: 1 }, [{ preview: "later" }]);
  assert.equal((await shown())?.preview, "later");
});
