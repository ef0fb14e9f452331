import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CommandLine } from "./commandLine.ts";

const APP = fileURLToPath(new URL("./classes.py", import.meta.url));

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

async function succeeded(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a deployment lists methods with their places, and says nothing of classes", async () => {
  const stdout = await succeeded("deploy", APP);
  assert.match(stdout, /^cli-classes is deployed as version 1, 3 functions:\n/);
  assert.match(stdout, /\n {2}Model\.describe +\S+classes\.py:13\n/);
  assert.doesNotMatch(stdout, /Not applied/);
});

test("a method is called on the instance with the given parameters", async () => {
  await succeeded("deploy", APP);
  const call = ["call", "cli-classes", "Model.describe", "--args", "[1]"];
  assert.equal(await succeeded(...call), '[1,"model",7,false,{"$bytes":""}]\n');
  const parameters = ["name=12=3", `size=${2n ** 62n}`, "quiet=true", 'raw={"$bytes":"AAH/"}'];
  const options = parameters.flatMap((parameter) => ["--param", parameter]);
  assert.equal(await succeeded(...call, ...options), '[1,"12=3",4611686018427387904,true,{"$bytes":"AAH/"}]\n');
});

test("a generator method prints its items, also of a call that is looked at later", async () => {
  await succeeded("deploy", APP);
  const method = ["cli-classes", "Model.upto", "--args", "[3]", "--param", "size=2"];
  assert.equal(await succeeded("call", ...method), "0\n2\n4\n");
  const id = (await succeeded("spawn", ...method)).trim();
  assert.equal(await succeeded("get", id), "0\n2\n4\n");
  assert.match(await succeeded("graph", id), /^Model\.upto /);
});

test("a constructor takes what is JSON as such, and the rest as text, as is all that it says to be text", async () => {
  await succeeded("deploy", APP);
  assert.equal(
    await succeeded("call", "cli-classes", "Old.tell", "--param", 'names=["a","b"]', "--param", "sep=1"),
    '"a1b"\n',
  );
  const parameters = ["--param", 'names=["a","b"]', "--param", "sep=, "];
  assert.equal(await succeeded("call", "cli-classes", "Old.tell", ...parameters), '"a, b"\n');
});

test("parameters that make no sense are refused in a sentence", async () => {
  await succeeded("deploy", APP);
  const refusals: [string[], RegExp][] = [
    [["Model.describe", "--param", "size"], /--param must be name=value, such as size=7, not size\./],
    [["Model.describe", "--param", "size=big"], /--param size/],
    [["Model.describe", "--param", "weight=5"], /Model has no parameter "weight"; it has: name, size, quiet, raw\./],
    [["describe", "--param", "size=5"], /--param is for methods of classes, such as Model\.predict/],
    [["Model.missing"], /Model has no method "missing"; it has: describe, upto\./],
  ];
  for (const [args, sentence] of refusals) {
    const { code, stderr } = await cli.run(["call", "cli-classes", ...args]);
    assert.notEqual(code, 0);
    assert.match(stderr, sentence);
  }
});
