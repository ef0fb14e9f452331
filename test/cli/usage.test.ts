import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

test("help names every command and exit code", async () => {
  const { code, stdout } = await cli.run(["--help"]);
  assert.equal(code, 0);
  const commands =
    "serve deploy call spawn map local cancel get graph stats definition keep-warm autoscaler logs history rollback containers environments status clean stop profiles".split(
      " ",
    );
  for (const name of commands) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  for (const exitCode of [0, 1, 2, 3, 4, 130]) assert.match(stdout, new RegExp(`^  ${exitCode} `, "m"));
});

const WRONG: readonly (readonly [string[], RegExp])[] = [
  [["frobnicate"], /unknown command/],
  [["status", "--wat"], /unknown option/],
  [["call", "app"], /missing required argument 'function'/],
  [["call", "app", "f", "7"], /too many arguments.*\nA function's arguments are JSON: --args '\[7\]'/],
  [["map", "app", "f"], /required option '--inputs <file>'/],
  [["call", "app", "f", "--args", "[1,"], /^--args is not valid JSON at column 4: the text ends too early\.\n$/],
  [["call", "app", "f", "--args", "5"], /^--args must be a JSON array of arguments/],
  [["spawn", "app", "f", "--kwargs", "[]"], /^--kwargs must be a JSON object/],
  [["map", "app", "f", "--inputs", "nowhere.jsonl"], /^nowhere\.jsonl cannot be read/],
  [["clean", "--older-than", "soon"], /such as 90s, 15m, 12h/],
  [["local", "app.py"], /^app\.py is not a file and a function; write FILE::FUNCTION, such as app\.py::square\.\n$/],
  [["keep-warm", "app", "f", "two"], /Write a whole number/],
  [["autoscaler", "app", "f", "--min-containers", "-1"], /Write a whole number/],
  [["serve", "--port", "http"], /Write a whole number/],
  [["serve", "--output-limit", "much"], /Write a whole number/],
  [["serve", "--memory-limit", "4G"], /Write a whole number/],
  [["serve", "--in-memory", "--data", "x"], /^Give --data or --in-memory, not both\.\n$/],
];

test("wrong usage is one message and exit code 2, and starts no engine", async () => {
  for (const [args, message] of WRONG) {
    const { code, stdout, stderr } = await cli.run(args);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
  assert.equal(existsSync(cli.dataFolder), false);
});

test("a mistake in the last line of a file is found before anything runs", async () => {
  const file = await cli.file("in.jsonl", '1\n2\n{"a":}\n');
  const { code, stderr } = await cli.run(["map", "app", "f", "--inputs", file]);
  assert.equal(code, 2);
  assert.equal(stderr, `${file}:3 is not valid JSON at column 6: expected a value, found "}".\n`);
  assert.equal(existsSync(cli.dataFolder), false);
});

test("status and stop start no engine and say that none runs", async () => {
  for (const name of ["status", "stop"]) {
    const { code, stdout, stderr } = await cli.run([name]);
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 3, stdout: "", stderr: `No engine runs for ${cli.dataFolder}.\n` },
    );
  }
});

test("--verbose adds the cause", async () => {
  const { stderr } = await cli.run(["--verbose", "call", "app", "f", "--args", "[1,"]);
  assert.match(stderr, /Caused by: SyntaxError/);
});
