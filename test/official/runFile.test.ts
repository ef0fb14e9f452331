import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine } from "../cli/commandLine.ts";
import { skip } from "./modalPackage.ts";

/** `spawnpoint run` and `spawnpoint python`, in an interpreter that has Modal's own package. */

const SOURCE = `import sys
import modal

app = modal.App("shop")


@app.function()
def runtime():
    return f"{'built-in' if 'spawnpoint' in sys.modules else 'modal'} in {sys.executable}"


@app.local_entrypoint()
def main(count: int = 1):
    print([runtime.remote()] * count)


if __name__ == "__main__":
    with app.run():
        print("script:", runtime.remote())
`;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

test("an entrypoint and a script run by Modal's package, in the same interpreter as their functions", {
  skip,
}, async () => {
  const path = await cli.file("shop.py", SOURCE);
  const ran = await cli.run(["run", `${path}::main`, "--count", "2"]);
  assert.equal(ran.code, 0, ran.stderr);
  const [, python] = /\['modal in (.+?)', 'modal in \1'\]/.exec(ran.stdout) ?? assert.fail(ran.stdout);
  const script = await cli.run(["python", path]);
  assert.match(script.stdout, new RegExp(`script: modal in ${python}`));
  const apps = await cli.run(["apps"]);
  assert.match(apps.stderr + apps.stdout, /No app is deployed/);
});

test("told so, an entrypoint runs by the built-in runtime", { skip }, async () => {
  const path = await cli.file("shop.py", SOURCE);
  const { stdout, stderr } = await cli.run(["run", "--runtime", "builtIn", `${path}::main`]);
  assert.match(stdout, /built-in in/, stderr);
});

test("what fails in an entrypoint is its exit code", { skip }, async () => {
  const path = await cli.file("shop.py", SOURCE.replace("print([", "raise ValueError(["));
  const { code, stderr, stdout } = await cli.run(["run", `${path}::main`]);
  assert.equal(code, 1);
  assert.match(stderr + stdout, /ValueError/);
});
