import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteError } from "modal";
import { sdkOnEngine } from "./sdkOnEngine.ts";

const source = `import modal

app = modal.App("interop")

@app.function(retries=3)
def divide(a, b):
    return a / b

@app.cls()
class Counter:
    start: int = modal.parameter(default=1)

    @modal.method()
    def plus(self, x: int):
        return self.start + x
`;

test("Modal's JavaScript SDK calls functions and methods over the engine's input plane", async (t) => {
  const { harness, modal } = await sdkOnEngine(t, source, ["--input-plane"]);
  const divide = await modal.functions.fromName("interop", "divide");
  assert.equal(await divide.remote([7, 2]), 3.5);
  const counter = await (await modal.cls.fromName("interop", "Counter")).instance({ start: 40 });
  assert.equal(await counter.method("plus").remote([2]), 42);
  // It leaves the function's policy alone, and so does the engine there.
  await assert.rejects(divide.remote([1, 0]), (error) => {
    return error instanceof RemoteError && error.message.includes("ZeroDivisionError");
  });
  const { functionId } = divide;
  const { functionCalls } = await harness.service().functionCallList({ functionId });
  assert.deepEqual(
    functionCalls.map(({ failedInputs, succeededInputs }) => [failedInputs?.total, succeededInputs?.total]),
    [
      [1, 0],
      [0, 1],
    ],
  );
});
