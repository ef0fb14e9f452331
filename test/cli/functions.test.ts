import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CommandLine, type Outcome } from "./commandLine.ts";

const APP = fileURLToPath(new URL("./app.py", import.meta.url));
const NAP_SECONDS = 300;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  succeeded(await cli.run(["deploy", APP]));
});
after(() => cli[Symbol.asyncDispose]());

function succeeded(outcome: Outcome): string {
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

function lines(text: string): unknown[] {
  return text
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

test("a call prints its result as JSON, exactly", async () => {
  const args = '[12345678901234567890,{"$bytes":"AAH/"},-0.5,null]';
  const stdout = succeeded(await cli.run(["call", "cli-demo", "echo", "--args", args, "--kwargs", '{"k":"ä"}']));
  assert.equal(stdout, `[${args},{"k":"ä"}]\n`);
});

test("five megabytes come through", async () => {
  const stdout = succeeded(await cli.run(["call", "cli-demo", "big", "--args", "[5000000]"]));
  const { $bytes } = JSON.parse(stdout) as { $bytes: string };
  assert.equal(Buffer.from($bytes, "base64").length, 5_000_000);
});

test("what a function raises is exit code 1, with the traceback", async () => {
  const { code, stdout, stderr } = await cli.run(["call", "cli-demo", "fail_odd", "--args", "[3]"]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^Traceback .*app\.py", line 22, in fail_odd.*ValueError: 3 is odd\n/s);
  assert.match(stderr, /\nThe function raised ValueError\('3 is odd'\)\.\n$/);
});

test("a function that is not there is exit code 2", async () => {
  const { code, stderr } = await cli.run(["call", "cli-demo", "nowhere"]);
  assert.equal(code, 2);
  assert.match(stderr, /^There is no function "nowhere" in the app "cli-demo".*\n$/);
});

test("a map prints a line for each result in order, and fails when an input has", async () => {
  const { code, stdout } = await cli.run(["map", "cli-demo", "fail_odd", "--inputs", "-"], "0\n1\n\n2");
  assert.equal(code, 1);
  const [first, second, third] = lines(stdout) as [unknown, { traceback: string }, unknown];
  assert.deepEqual(first, { index: 0, result: 0 });
  const { traceback, ...rest } = second;
  const error = { type: "ValueError", message: "ValueError('1 is odd')", status: "FAILURE" };
  assert.deepEqual(rest, { index: 1, error });
  assert.match(traceback, /app\.py", line 22/);
  assert.deepEqual(third, { index: 2, result: 2 });
});

test("--star spreads a line over the arguments, --kwargs go to every input", async () => {
  const args = ["map", "cli-demo", "echo", "--inputs", "-", "--star", "--kwargs", '{"k":1}'];
  const stdout = succeeded(await cli.run(args, '[1,"a"]\n[]\n'));
  assert.deepEqual(lines(stdout), [
    { index: 0, result: [[1, "a"], { k: 1 }] },
    { index: 1, result: [[], { k: 1 }] },
  ]);
});

test("ten thousand inputs come out complete and in order", async () => {
  const file = await cli.file("many.jsonl", Array.from({ length: 10_000 }, (_, at) => `${at}\n`).join(""));
  const stdout = succeeded(await cli.run(["map", "cli-demo", "square", "--inputs", file]));
  assert.deepEqual(
    lines(stdout),
    Array.from({ length: 10_000 }, (_, index) => ({ index, result: index * index })),
  );
});

test("results arrive while inputs are still written", async () => {
  const map = cli.start(["map", "cli-demo", "square", "--inputs", "-"], null);
  map.write("7\n");
  await map.printed('{"index":0,"result":49}\n');
  map.write("8\n");
  await map.printed('{"index":1,"result":64}\n');
  map.endInput();
  succeeded(await map.outcome);
});

test("a bad line on stdin ends the map with exit code 2 and cancels what runs", async () => {
  const { code, stderr } = await cli.run(["map", "cli-demo", "nap", "--inputs", "-"], `${NAP_SECONDS}\n{\n`);
  assert.equal(code, 2);
  assert.match(stderr, /^stdin:2 is not valid JSON at column 2: the text ends too early\.\n$/);
});

test("the reader of a map may leave early", async () => {
  const file = await cli.file("pipe.jsonl", Array.from({ length: 5_000 }, (_, at) => `${at}\n`).join(""));
  const map = cli.start(["map", "cli-demo", "square", "--inputs", file]);
  await map.printed('"index":0,');
  map.stopReading();
  const { code, stderr } = await map.outcome;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});

test("Ctrl-C cancels the call on the engine", async () => {
  const running = cli.start(["map", "cli-demo", "nap", "--inputs", "-"], `0\n${NAP_SECONDS}\n`);
  await running.printed('{"index":0,"result":null}\n');
  running.interrupt();
  const { code, stderr } = await running.outcome;
  assert.deepEqual({ code, stderr }, { code: 130, stderr: "Interrupted.\n" });
  assert.equal(JSON.parse(succeeded(await cli.run(["status", "--json"]))).unfinishedInputs, 0);
});

test("a spawned call can be got, drawn and read again by its id", async () => {
  const id = succeeded(await cli.run(["spawn", "cli-demo", "fan", "--args", "[3]"])).trim();
  assert.match(id, /^fc-/);
  assert.equal(succeeded(await cli.run(["get", id])), "5\n");
  assert.equal(succeeded(await cli.run(["get", id, "--timeout", "0"])), "5\n");
  const graph = succeeded(await cli.run(["graph", id]));
  assert.match(graph, /^fan {2}fc-\w+ {2}1 input: 1 SUCCESS\n└─ square {2}fc-\w+ {2}3 inputs: 3 SUCCESS\n$/);
  assert.equal(JSON.parse(succeeded(await cli.run(["graph", id, "--json"])))[0].functionName, "fan");
});

test("a call that waits is cancelled, and its result says so", async () => {
  const id = succeeded(await cli.run(["spawn", "cli-demo", "nap", "--args", `[${NAP_SECONDS}]`])).trim();
  assert.equal((await cli.run(["get", id, "--timeout", "0"])).code, 1);
  const { stderr } = await cli.run(["cancel", id, "--terminate-containers"]);
  assert.equal(stderr, `Cancelled ${id}.\n`);
  const { code, stdout } = await cli.run(["get", id]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
});

test("of a generator, every item is a line, and an exception comes after them", async () => {
  assert.equal(succeeded(await cli.run(["call", "cli-demo", "count", "--args", "[3]"])), "0\n1\n2\n");
  assert.equal(succeeded(await cli.run(["call", "cli-demo", "count", "--args", "[0]"])), "");
  const { code, stdout, stderr } = await cli.run(["call", "cli-demo", "count", "--args", "[2, true]"]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "0\n1\n" });
  assert.match(stderr, /ValueError: the end/);
});

test("items of a generator arrive while it runs, and Ctrl-C ends it", async () => {
  const running = cli.start(["call", "cli-demo", "ticks"]);
  await running.printed('"tick"\n"tick"\n');
  running.interrupt();
  assert.equal((await running.outcome).code, 130);
  assert.equal(JSON.parse(succeeded(await cli.run(["status", "--json"]))).unfinishedInputs, 0);
});

test("the reader of a generator may leave early", async () => {
  const running = cli.start(["call", "cli-demo", "ticks"]);
  await running.printed('"tick"\n');
  running.stopReading();
  const { code, stderr } = await running.outcome;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});

test("a spawned generator can be read by its id, and again", async () => {
  const id = succeeded(await cli.run(["spawn", "cli-demo", "count", "--args", "[2]"])).trim();
  assert.equal(succeeded(await cli.run(["get", id])), "0\n1\n");
  assert.equal(succeeded(await cli.run(["get", id])), "0\n1\n");
  assert.equal((await cli.run(["get", id, "--timeout", "1"])).code, 2);
});

test("what a function printed is in its call's logs", async () => {
  const id = succeeded(await cli.run(["spawn", "cli-demo", "square", "--args", "[1234]"])).trim();
  succeeded(await cli.run(["get", id]));
  assert.equal(succeeded(await cli.run(["logs", id])), "squaring 1234\n");
});

test("stats are for people and for machines", async () => {
  const { backlog, numTotalRunners } = JSON.parse(succeeded(await cli.run(["stats", "cli-demo", "echo", "--json"])));
  assert.equal(typeof backlog, "number");
  assert.equal(typeof numTotalRunners, "number");
  assert.match(succeeded(await cli.run(["stats", "cli-demo", "echo"])), /^backlog +0\nrunners +\d+\n/);
});

test("a map goes on when the engine is killed", async () => {
  const { pid } = JSON.parse(succeeded(await cli.run(["status", "--json"]))) as { pid: number };
  const map = cli.start(["map", "cli-demo", "nap", "--inputs", "-"], "0\n2\n");
  await map.printed('{"index":0,"result":null}\n');
  process.kill(pid, "SIGKILL");
  const results = lines(succeeded(await map.outcome));
  assert.deepEqual(
    results,
    [0, 1].map((index) => ({ index, result: null })),
  );
  assert.notEqual(JSON.parse(succeeded(await cli.run(["status", "--json"]))).pid, pid);
});
