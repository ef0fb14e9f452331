import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CommandLine } from "./commandLine.ts";

const APP = fileURLToPath(new URL("./app.py", import.meta.url));

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  assert.equal((await cli.run(["deploy", APP])).code, 0);
});
after(() => cli[Symbol.asyncDispose]());

test("keep-warm keeps containers, and autoscaler shows it beside the rest", async () => {
  const { stdout, stderr } = await cli.run(["keep-warm", "cli-demo", "square", "1"]);
  assert.deepEqual([stdout, stderr], ["", "square keeps at least 1 container from now on.\n"]);
  const shown = await cli.run(["autoscaler", "cli-demo", "square"]);
  assert.match(shown.stdout, /^minimum of containers +1 +changed since the deployment$/m);
  assert.match(shown.stdout, /^scale-down window +60 s +default$/m);
});

test("autoscaler changes what is given and prints what is in force", async () => {
  const change = ["--max-containers", "3", "--buffer-containers", "1", "--scaledown-window", "30", "--json"];
  const { stdout } = await cli.run(["autoscaler", "cli-demo", "echo", ...change]);
  const inForce = { minContainers: 0, maxContainers: 3, bufferContainers: 1, scaledownWindowMs: 30_000 };
  assert.deepEqual(JSON.parse(stdout), inForce);
  assert.deepEqual(JSON.parse((await cli.run(["autoscaler", "cli-demo", "echo", "--json"])).stdout), inForce);
});

test("of a method, the containers of its class's instance are meant", async () => {
  const file = await cli.file(
    "shapes.py",
    `import modal
app = modal.App("shapes")

@app.cls()
class Scale:
    factor: int = modal.parameter(default=2)

    @modal.method()
    def times(self, x):
        return x * self.factor
`,
  );
  assert.equal((await cli.run(["deploy", file])).code, 0);
  assert.equal((await cli.run(["keep-warm", "shapes", "Scale.times", "1", "--param", "factor=3"])).code, 0);
  const minimum = async (...param: string[]) => {
    const { stdout } = await cli.run(["autoscaler", "shapes", "Scale.times", "--json", ...param]);
    return (JSON.parse(stdout) as { minContainers: number }).minContainers;
  };
  assert.equal(await minimum("--param", "factor=3"), 1);
  assert.equal(await minimum(), 0);
  const { stdout } = await cli.run(["definition", "shapes", "Scale.times"]);
  assert.equal(stdout, `${file}:8\n    @modal.method()\n    def times(self, x):\n        return x * self.factor\n`);
});

test("a minimum above the maximum is exit code 2 with the reason", async () => {
  const change = ["--min-containers", "3", "--max-containers", "2"];
  const { code, stderr } = await cli.run(["autoscaler", "cli-demo", "square", ...change]);
  assert.equal(code, 2);
  assert.match(stderr, /^minContainers \(3\) is larger than maxContainers \(2\)/);
});

test("definition shows the place and the text that was deployed", async () => {
  const { stdout } = await cli.run(["definition", "cli-demo", "square"]);
  assert.equal(stdout, `${APP}:8\n@app.function()\ndef square(x):\n    print("squaring", x)\n    return x * x\n`);
  const { qualname, endLine } = JSON.parse((await cli.run(["definition", "cli-demo", "nap", "--json"])).stdout);
  assert.deepEqual([qualname, endLine], ["nap", 28]);
});
