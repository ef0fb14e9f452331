import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine, type Outcome } from "./commandLine.ts";

const APP = `
import datetime
import modal

app = modal.App("nested")

class Shelf:
    pass

@app.function()
def make(kind):
    if kind == "error":
        raise LookupError("no such kind")
    return {"bytes": b"\\x00", "big": 2**70, "day": datetime.date(2026, 11, 21), "shelf": Shelf()}[kind]

@app.function()
def parent(kinds):
    return len(list(make.map(kinds, return_exceptions=True)))

@app.function()
def child():
    return make.spawn("big")

@app.function()
def grandparent():
    return child.remote().get() == 2**70
`;

interface GraphNode {
  readonly functionName: string;
  readonly functionCallId: string;
  readonly children: readonly GraphNode[];
}

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  succeeded(await cli.run(["deploy", await cli.file("nested.py", APP)]));
});
after(() => cli[Symbol.asyncDispose]());

function succeeded(outcome: Outcome): string {
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

/** Runs a function and returns the id of the first call that it made of another one. */
async function nestedCall(parent: string, args: string, name: string): Promise<string> {
  const id = succeeded(await cli.run(["spawn", "nested", parent, "--args", args])).trim();
  succeeded(await cli.run(["get", id]));
  const roots = JSON.parse(succeeded(await cli.run(["graph", id, "--json"]))) as GraphNode[];
  const found = roots.flatMap(({ children }) => children).find(({ functionName }) => functionName === name);
  assert.ok(found, JSON.stringify(roots));
  return found.functionCallId;
}

test("the results of a nested map, which Python pickled, are printed", async () => {
  const id = await nestedCall("parent", '[["bytes", "big", "day", "shelf", "error"]]', "make");
  const { code, stdout } = await cli.run(["get", id]);
  assert.equal(code, 1); // One of the inputs has failed.
  const lines = stdout.trim().split("\n").sort();
  assert.equal(lines[0], '{"index":0,"result":{"$bytes":"AA=="}}');
  assert.equal(lines[1], `{"index":1,"result":${2n ** 70n}}`);
  assert.equal(lines[2], '{"index":2,"result":{"$python":"datetime.date(2026, 11, 21)"}}');
  assert.match(lines[3] ?? "", /^\{"index":3,"result":\{"\$python":"<nested\.Shelf, \d+ bytes>"\}\}$/);
  assert.match(lines[4] ?? "", /"type":"LookupError","message":"LookupError\('no such kind'\)"/);
});

test("a function call that is a nested call's result is printed with its id, and can be got", async () => {
  const id = await nestedCall("grandparent", "[]", "child");
  const { functionCallId } = JSON.parse(succeeded(await cli.run(["get", id]))) as { functionCallId: string };
  assert.match(functionCallId, /^fc-/);
  assert.equal(succeeded(await cli.run(["get", functionCallId])), `${2n ** 70n}\n`);
});
