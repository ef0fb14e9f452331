import assert from "node:assert/strict";
import { test } from "node:test";
import { FunctionTimeoutError, NotFoundError, RemoteError } from "modal";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** What crosses between Modal's official JavaScript SDK and functions on the local engine, and what is refused. */

const source = `import datetime
import decimal
import time
import modal

app = modal.App("interop")

@app.function()
def echo(*args, **kwargs):
    return [list(args), kwargs]

@app.function()
def kinds(*values):
    return [type(value).__name__ for value in values]

@app.function()
def python_values():
    return {
        "large": 2 ** 80,
        "negative": -(2 ** 70),
        "tuple": (1, (2, 3)),
        "infinity": float("inf"),
        "moment": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "bytes": bytearray(b"\\x01\\x02"),
        "nested": {"a": [{"b": None}]},
    }

@app.function()
def unsendable():
    return object()

@app.function()
def count(n: int):
    yield from range(n)

@app.function(timeout=1, startup_timeout=60)
def slow():
    time.sleep(600)
`;

test("values between Modal's JavaScript SDK and the engine", async (t) => {
  const { modal } = await sdkOnEngine(t, source);

  await t.test("every kind of value comes back as it was sent", async () => {
    const echo = await modal.functions.fromName("interop", "echo");
    const values = [
      null,
      true,
      false,
      0,
      -1,
      2 ** 31,
      -(2 ** 33),
      Number.MAX_SAFE_INTEGER,
      2n ** 63n,
      1.5,
      -0.1,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      "",
      "naïve 🦭",
      "x".repeat(70_000),
      Buffer.from([0, 127, 255]),
      [],
      [[1], ["two", [3]]],
      {},
      { a: { b: [null, { c: "d" }] } },
    ];
    const [args, kwargs] = await echo.remote(values, { some: "option", other: [1] });
    assert.deepEqual(args, values);
    assert.deepEqual(kwargs, { some: "option", other: [1] });
  });

  await t.test("values arrive as Python's own types", async () => {
    const kinds = await modal.functions.fromName("interop", "kinds");
    const values = [null, true, 1, 2n ** 80n, 1.5, "s", new Uint8Array([1]), [1], { a: 1 }, new Date(0)];
    const expected = ["NoneType", "bool", "int", "int", "float", "str", "bytes", "list", "dict", "datetime"];
    assert.deepEqual(await kinds.remote(values), expected);
  });

  await t.test("values that only Python has arrive as what comes closest", async () => {
    const value = await (await modal.functions.fromName("interop", "python_values")).remote();
    assert.deepEqual(value, {
      large: 2n ** 80n,
      negative: -(2n ** 70n),
      tuple: [1, [2, 3]],
      infinity: Number.POSITIVE_INFINITY,
      moment: new Date("2026-01-02T03:04:05Z"),
      bytes: Buffer.from([1, 2]),
      nested: { a: [{ b: null }] },
    });
  });

  await t.test("a result that has no form is an error that names its type", async () => {
    const unsendable = await modal.functions.fromName("interop", "unsendable");
    await assert.rejects(unsendable.remote(), (error) => error instanceof RemoteError && /object/.test(error.message));
  });

  await t.test("a function that takes too long is a FunctionTimeoutError", async () => {
    await assert.rejects((await modal.functions.fromName("interop", "slow")).remote(), FunctionTimeoutError);
  });

  await t.test("arguments that the function does not take are its TypeError", async () => {
    const slow = await modal.functions.fromName("interop", "slow");
    await assert.rejects(slow.remote([1, 2]), /TypeError/);
  });

  await t.test("what is not there is not found, and the message says so", async () => {
    await assert.rejects(modal.functions.fromName("absent", "echo"), NotFoundError);
    await assert.rejects(modal.functions.fromName("interop", "absent"), NotFoundError);
    await assert.rejects(modal.functions.fromId("fu-0000000000000000000000"), NotFoundError);
    await assert.rejects(
      modal.functionCalls.fromId("fc-0000000000000000000000"),
      /There is no function call fc-0{22} here/,
    );
  });

  await t.test("a function is found by its id too", async () => {
    const { functionId } = await modal.functions.fromName("interop", "echo");
    assert.deepEqual(await (await modal.functions.fromId(functionId)).remote([7]), [[7], {}]);
  });

  await t.test("of a generator the SDK learns how many items there are: it has no way to read them", async () => {
    const count = await modal.functions.fromName("interop", "count");
    assert.deepEqual(await count.remote([3]), { itemsTotal: 3 });
  });
});
