import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { NotFoundError, RemoteError } from "modal";
import { sdkOnEngine } from "./sdkOnEngine.ts";

/** Classes through Modal's official JavaScript SDK, as it is. */

const source = `import os
import modal

app = modal.App("interop")

@app.cls()
class Plain:
    @modal.enter()
    def load(self):
        self.calls = 0

    @modal.method()
    def count(self):
        self.calls += 1
        return [self.calls, os.getpid()]

    @modal.method()
    async def greet(self, name: str, greeting: str = "Hello"):
        return f"{greeting}, {name}!"

    @modal.method()
    def fail(self):
        raise ValueError("on purpose")

@app.cls()
class Model:
    name: str = modal.parameter()
    size: int = modal.parameter(default=7)
    quiet: bool = modal.parameter(default=True)
    raw: bytes = modal.parameter(default=b"\\x00\\xff")

    @modal.method()
    def describe(self):
        return {"name": self.name, "size": self.size, "quiet": self.quiet, "raw": self.raw, "pid": os.getpid()}
`;

async function deployed(t: TestContext) {
  const { modal } = await sdkOnEngine(t, source);
  return (name: string) => modal.cls.fromName("interop", name);
}

test("methods of a class without parameters share one instance", async (t) => {
  const cls = await deployed(t);
  const plain = await (await cls("Plain")).instance();
  const [first, process] = await plain.method("count").remote();
  assert.deepEqual(await plain.method("count").remote(), [first + 1, process]);
  assert.equal(await plain.method("greet").remote(["you"], { greeting: "Hi" }), "Hi, you!");
  const call = await plain.method("greet").spawn(["me"]);
  assert.equal(await call.get(), "Hello, me!");
  assert.deepEqual(await plain.method("greet").getCurrentStats(), { backlog: 0, numTotalRunners: 1 });
});

test("parameters of every type arrive, and their defaults", async (t) => {
  const cls = await deployed(t);
  const model = await cls("Model");
  const all = { name: "a", size: 2 ** 30, quiet: false, raw: new Uint8Array([1, 2]) };
  const { pid, ...described } = await (await model.instance(all)).method("describe").remote();
  assert.deepEqual(described, { ...all, raw: Buffer.from([1, 2]) });
  const defaults = await (await model.instance({ name: "b" })).method("describe").remote();
  assert.deepEqual(defaults, { name: "b", size: 7, quiet: true, raw: Buffer.from([0, 255]), pid: defaults.pid });
  assert.notEqual(defaults.pid, pid);
});

test("the same parameters are the same instance, in whatever order they are given", async (t) => {
  const cls = await deployed(t);
  const model = await cls("Model");
  const ids = [{ name: "a", size: 1 }, { size: 1, name: "a", quiet: true }, { name: "a" }].map(async (parameters) => {
    return (await model.instance(parameters)).method("describe").functionId;
  });
  const [one, same, other] = await Promise.all(ids);
  assert.equal(one, same);
  assert.notEqual(one, other);
});

test("options make an instance with containers of its own", async (t) => {
  const cls = await deployed(t);
  const plain = await cls("Plain");
  const method = (await plain.instance()).method("count");
  const changed = (await plain.withOptions({ timeoutMs: 9_000, maxContainers: 1 }).instance()).method("count");
  assert.notEqual(changed.functionId, method.functionId);
  const [, process] = await method.remote();
  const [calls, other] = await changed.remote();
  assert.equal(calls, 1);
  assert.notEqual(other, process);
});

test("wrong parameters, and names that are not there, are refused", async (t) => {
  const cls = await deployed(t);
  const model = await cls("Model");
  await assert.rejects(model.instance(), /name/);
  await assert.rejects(model.instance({ name: 5 }), /name/);
  await assert.rejects(cls("Missing"), NotFoundError);
  const plain = await (await cls("Plain")).instance();
  assert.throws(() => plain.method("missing"), NotFoundError);
});

test("what a method raises arrives as a RemoteError that names it", async (t) => {
  const cls = await deployed(t);
  const plain = await (await cls("Plain")).instance();
  await assert.rejects(plain.method("fail").remote(), (error) => {
    return error instanceof RemoteError && error.message.includes("ValueError('on purpose')");
  });
});
