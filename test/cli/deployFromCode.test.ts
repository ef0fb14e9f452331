import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

async function lines(name: string, source: string): Promise<string[]> {
  const { code, stdout, stderr } = await cli.run(["python", await cli.file(name, source)]);
  assert.equal(code, 0, stderr);
  return stdout.trim().split("\n");
}

test("a script deploys its app, calls it, and so does whoever looks it up", async () => {
  const source = `import modal
app = modal.App("of-script")
other = modal.App("left-out")

@app.function()
def double(x):
    return helper.remote(x) * 2

@app.function()
def helper(x):
    return x

@other.function()
def nothing():
    pass

if __name__ == "__main__":
    with modal.enable_output():
        deployed = app.deploy(tag="v1")
    assert deployed is app and app.app_id.startswith("ap-")
    print(double.remote(21))
    print(modal.App.lookup("of-script").app_id == app.app_id)
    print(modal.Function.from_name("of-script", "double").remote(4))
    try:
        modal.Function.from_name("left-out", "nothing").hydrate()
    except modal.exception.NotFoundError:
        print("left out")
`;
  assert.deepEqual(await lines("script.py", source), ["42", "True", "8", "left out"]);
  const { stdout } = await cli.run(["call", "of-script", "double", "--args", "[5]"]);
  assert.equal(stdout.trim(), "10");
});

test("an app takes the name, and the environment, that it is deployed with", async () => {
  const source = `import asyncio, modal
app = modal.App()

@app.function()
def double(x):
    return helper.remote(x) * 2

@app.function()
def helper(x):
    return x

@app.cls()
class Counter:
    start: int = modal.parameter(default=1)

    @modal.method()
    def up(self, by):
        return self.start + double.remote(by)

async def main():
    await app.deploy.aio(name="renamed", environment_name="dev")
    print(app.name, await double.remote.aio(3), Counter(start=2).up.remote(1))
    found = await modal.App.lookup.aio("renamed", environment_name="dev")
    print(found.app_id == app.app_id)
    try:
        modal.App.lookup("renamed")
    except modal.exception.NotFoundError as error:
        print(error)

if __name__ == "__main__":
    asyncio.run(main())
`;
  assert.deepEqual(await lines("renamed.py", source), [
    "renamed 6 4",
    "True",
    "No app named renamed is deployed in the environment main; deploy it, or look it up with `create_if_missing=True`.",
  ]);
});

test("an app is made by its name where there is none, and takes no functions of this file", async () => {
  const source = `import modal
app = modal.App.lookup("fresh", create_if_missing=True)
assert app.name == "fresh"
print(app.app_id == modal.App.lookup("fresh").app_id)
try:
    app.function()(print)
except modal.exception.InvalidError as error:
    print(error)
`;
  assert.deepEqual(await lines("fresh.py", source), [
    "True",
    "`@app.function()` needs an App of this file; make it with `modal.App('fresh')`, not with `lookup`.",
  ]);
  await cli.file("later.py", `import modal\napp = modal.App("fresh")\n@app.function()\ndef f(): return 1\n`);
  const { stderr } = await cli.run(["deploy", "later.py"]);
  const { stdout } = await cli.run(["call", "fresh", "f"]);
  assert.equal(stdout.trim(), "1", stderr);
});

test("what cannot be deployed is refused with a sentence", async () => {
  const path = await cli.file(
    "wrong.py",
    `import modal
nameless = modal.App()
named = modal.App("named")

def attempt(**options):
    try:
        (nameless if "name" not in options else named).deploy(**{k: v for k, v in options.items() if v})
    except Exception as error:
        print(type(error).__name__, error)

if __name__ == "__main__":
    attempt()
    attempt(name="", strategy="recreate")
    local = modal.App("local")
    try:
        local.deploy()
    except Exception as error:
        print(type(error).__name__, error)
`,
  );
  const { stdout } = await cli.run(["python", path]);
  assert.deepEqual(stdout.trim().split("\n"), [
    'InvalidError An app needs a name to be deployed; write `modal.App("my-app")` or `app.deploy(name="my-app")`.',
    "InvalidError The local engine deploys with `strategy=\"rolling\"` only, not 'recreate'; leave it out.",
    'InvalidError wrong.py has no app "local" at its top level; write `app = modal.App("local")` there.',
  ]);
  await cli.file(
    "unguarded.py",
    `import modal\napp = modal.App("unguarded")\n@app.function()\ndef f(): pass\napp.deploy()\n`,
  );
  const unguarded = await cli.run(["python", "unguarded.py"]);
  assert.equal(unguarded.code, 1);
  assert.match(unguarded.stderr, /__main__/);
});
