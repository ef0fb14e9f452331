import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

/** More than an answer of the engine carries, so that it has to be downloaded. */
const LENGTH = 3 * 1024 * 1024;

const APP = `
import modal

app = modal.App("large")

@app.function()
def text(letter):
    return letter * ${LENGTH}

@app.function()
def items(letters):
    for letter in letters:
        yield letter * ${LENGTH}
`;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  assert.equal((await cli.run(["deploy", await cli.file("large.py", APP)])).code, 0);
});
after(() => cli[Symbol.asyncDispose]());

const long = (letter: string) => letter.repeat(LENGTH);
const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("call, map and get print large results whole", async () => {
  const called = await cli.run(["call", "large", "text", "--args", '["a"]']);
  assert.ok(JSON.parse(called.stdout) === long("a"));
  const mapped = await cli.run(["map", "large", "text", "--inputs", "-"], '"b"\n"c"\n');
  assert.equal(mapped.code, 0, mapped.stderr.slice(0, 500));
  assert.ok(
    JSON.stringify(lines(mapped.stdout)) === JSON.stringify(["b", "c"].map((x, index) => ({ index, result: long(x) }))),
  );
  const spawned = await cli.run(["spawn", "large", "text", "--args", '["d"]']);
  const got = await cli.run(["get", spawned.stdout.trim()]);
  assert.ok(JSON.parse(got.stdout) === long("d"));
});

test("what a generator yields is printed whole", async () => {
  const called = await cli.run(["call", "large", "items", "--args", '[["e", "f"]]']);
  assert.equal(called.code, 0, called.stderr.slice(0, 500));
  assert.ok(JSON.stringify(lines(called.stdout)) === JSON.stringify([long("e"), long("f")]));
});
