import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { collected, EngineHarness } from "./engineHarness.ts";

const pythonFolder = join(import.meta.dirname, "../../src/python");

const source = `import modal

app = modal.App("at-home")

@app.function(name="double")
def twice(x):
    return 2 * x

@app.function()
def letters(word):
    yield from word

@app.function()
def placed(first, second=2, /, third=3):
    return [first, second, third]
`;

const baseSource = `import modal

class Base:
    @modal.method()
    def whisper(self, name):
        return f"{self.greeting} {name}..."
`;

const classSource = `import modal

from base import Base

app = modal.App("classes-at-home")

@app.cls()
class Greeter(Base):
    greeting: str = modal.parameter()

    @modal.method()
    def shout(self, name):
        return f"{self.greeting} {name}!"
`;

test("a function of the local engine runs without it, as its file stands now", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const { functions } = harness.modal();
  const double = functions.fromName("at-home", "double");
  assert.equal(await double.local([4], {}, { pythonFolder }), 8);
  const placed = functions.fromName("at-home", "placed");
  assert.deepEqual(await placed.local([], { first: 1, third: 4 }, { pythonFolder }), [1, 2, 4]);
  assert.deepEqual(await collected(functions.fromName("at-home", "letters").localGen(["abc"], {}, { pythonFolder })), [
    "a",
    "b",
    "c",
  ]);
  assert.equal((await double.getCurrentStats()).numTotalRunners, 0, "the engine took no part");

  await harness.write("app.py", source.replace("2 * x", "20 * x"));
  assert.equal(await double.local([4], {}, { pythonFolder }), 80);
  assert.equal(await double.remote([4]), 8);
});

test("a method of a class runs here with the parameters of its instance", async (t) => {
  const harness = await EngineHarness.start(t);
  const path = await harness.write("app.py", classSource);
  const basePath = await harness.write("base.py", baseSource);
  await harness.engine().deploy({ path, python: "python3" });
  const greeter = harness.modal().classes.fromName("classes-at-home", "Greeter").instance({ greeting: "Hei" });
  const [shout, whisper] = [greeter.method("shout"), greeter.method("whisper")];
  assert.equal(await shout.local(["Ada"], {}, { pythonFolder }), "Hei Ada!");
  assert.equal(await shout.remote(["Ada"]), "Hei Ada!");
  assert.equal(await whisper.local(["Ada"], {}, { pythonFolder }), "Hei Ada...");

  const text = '    @modal.method()\n    def shout(self, name):\n        return f"{self.greeting} {name}!"';
  assert.deepEqual(await shout.getRawF(), { path, line: 11, endLine: 13, qualname: "Greeter.shout", text });
  const { path: from, qualname } = await whisper.getRawF();
  assert.deepEqual([from, qualname], [basePath, "Base.whisper"]);
});

test("getRawF of a deployed function is the deployed text, also when the file has changed", async (t) => {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(source);
  const path = await harness.write("app.py", "");
  const fn = harness.modal().functions.fromId(apps[0]?.functions[0]?.functionId ?? "");
  const text = '@app.function(name="double")\ndef twice(x):\n    return 2 * x';
  assert.deepEqual(await fn.getRawF(), { path, line: 5, endLine: 7, qualname: "twice", text });
});
