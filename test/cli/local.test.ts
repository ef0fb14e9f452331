import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findEngine } from "../../src/targets/engineProcess.ts";
import { CommandLine } from "./commandLine.ts";

const APP = fileURLToPath(new URL("./app.py", import.meta.url));

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

test("local runs a function of a file, with its prints beside its result, and starts no engine", async () => {
  const outcome = await cli.run(["local", `${APP}::square`, "--args", "[7]"]);
  assert.deepEqual(outcome, { code: 0, stdout: "49\n", stderr: "squaring 7\n" });
  const args = ["--args", '[12345678901234567890,{"$bytes":"AAH/"}]', "--kwargs", '{"k":null}'];
  const { stdout } = await cli.run(["local", `${APP}::echo`, ...args]);
  assert.equal(stdout, '[[12345678901234567890,{"$bytes":"AAH/"}],{"k":null}]\n');
  assert.equal(await findEngine(cli.dataFolder), undefined);
});

test("a generator prints a line for each item, and then what it raises", async () => {
  const { code, stdout, stderr } = await cli.run(["local", `${APP}::count`, "--args", "[2, true]"]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "0\n1\n" });
  assert.match(stderr, /app\.py", line 40, in count\n.*\nThe function raised ValueError\('the end'\)\.\n$/s);
});

test("a method runs on an instance with parameters", async () => {
  const file = await cli.file(
    "shapes.py",
    `import modal
app = modal.App("shapes")

@app.cls()
class Scale:
    factor: int = modal.parameter(default=2)
    name: str = modal.parameter(default="x")

    @modal.method()
    def times(self, x):
        return [x * self.factor, self.name]
`,
  );
  assert.equal((await cli.run(["local", `${file}::Scale.times`, "--args", "[7]"])).stdout, '[14,"x"]\n');
  const args = ["--args", "[7]", "--param", "factor=3", "--param", "name=7"];
  assert.equal(
    (await cli.run(["local", `${file}::Scale.times`, ...args])).stdout,
    '[21,"7"]\n',
    "a str is taken as it is written",
  );
});

test("Ctrl-C ends a local call", async () => {
  const running = cli.start(["local", `${APP}::ticks`]);
  await running.printed('"tick"\n"tick"\n');
  running.interrupt();
  const { code, stderr } = await running.outcome;
  assert.deepEqual({ code, stderr }, { code: 130, stderr: "Interrupted.\n" });
});

test("a function that is not in the file is exit code 2", async () => {
  const { code, stderr } = await cli.run(["local", `${APP}::nowhere`]);
  assert.equal(code, 2);
  assert.match(stderr, /^app\.py has no Modal function nowhere; it has: square, echo, .*\n$/);
});
