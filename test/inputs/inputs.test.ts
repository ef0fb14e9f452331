import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parseArguments } from "../../src/inputs/callArguments.ts";
import { InputError } from "../../src/inputs/inputError.ts";
import {
  fileAsInputs,
  linesAsText,
  type MapInputs,
  parseMapInputs,
  selectInputs,
  valuesAsInputs,
} from "../../src/inputs/mapInputs.ts";

async function rows(inputs: MapInputs): Promise<(readonly unknown[])[]> {
  const all: (readonly unknown[])[] = [];
  for await (const row of inputs.rows) all.push(row);
  return all;
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-inputs-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const parameters = [
  { name: "name", type: { base: "str" } },
  { name: "count", type: { base: "int" } },
  { name: "rest", type: { base: "unknown" } },
];

test("arguments: an array is positional, an object is by keyword, nothing is nothing", () => {
  assert.deepEqual(parseArguments('[1, "two", null]'), { args: [1, "two", null], kwargs: {} });
  assert.deepEqual(parseArguments('{"x": 1, "rest": [2]}'), { args: [], kwargs: { x: 1, rest: [2] } });
  assert.deepEqual(parseArguments("  "), { args: [], kwargs: {} });
  assert.deepEqual(parseArguments('"one text"'), { args: ["one text"], kwargs: {} });
  assert.deepEqual(parseArguments("null"), { args: [null], kwargs: {} });
});

test("arguments: integers stay exact", () => {
  assert.deepEqual(parseArguments("[12345678901234567890, 1e30, 0.1]").args, [12345678901234567890n, 1e30, 0.1]);
});

test("arguments: what is neither JSON nor Python says so in one sentence", () => {
  assert.throws(() => parseArguments("[1, x]"), {
    name: "InputError",
    message: /^This is neither JSON nor a Python literal: column 5: "x" is no literal\.$/,
  });
});

test("map inputs: lists and ranges", async () => {
  assert.deepEqual(await rows(parseMapInputs('[1, "b", [3]]')), [[1], ["b"], [[3]]]);
  assert.deepEqual(await rows(parseMapInputs("0..3")), [[0], [1], [2], [3]]);
  assert.deepEqual(await rows(parseMapInputs(" -1 .. 1 ")), [[-1], [0], [1]]);
  assert.deepEqual(await rows(parseMapInputs("range(3)")), [[0], [1], [2]]);
  assert.deepEqual(await rows(parseMapInputs("range(2, 9, 3)")), [[2], [5], [8]]);
  assert.deepEqual(await rows(parseMapInputs("range(3, 0, -2)")), [[3], [1]]);
  assert.equal(parseMapInputs("range(10000)").count, 10_000);
});

test("map inputs: a star spreads each item into arguments", async () => {
  assert.deepEqual(await rows(parseMapInputs("*[[1, 2], [3, 4]]")), [
    [1, 2],
    [3, 4],
  ]);
  assert.throws(() => parseMapInputs("*[[1], 2]"), { name: "InputError", message: /Input 1/ });
  assert.deepEqual(await rows(valuesAsInputs([[1, 2]], "value")), [[[1, 2]]]);
});

test("map inputs: refuses what has no input", () => {
  for (const text of ["", "[]", "5..1", "range(0)", "range(1, 2, 0)", '{"a": 1}', "[1,", "{1, 2}"]) {
    assert.throws(() => parseMapInputs(text), InputError, text);
  }
});

test("map inputs: a JSONL file is read line by line, errors name the line", async (t) => {
  const path = join(await temporaryFolder(t), "inputs.jsonl");
  await writeFile(path, '1\n\n"two"\r\n[3, 4]');
  assert.deepEqual(await rows(fileAsInputs(path, "value")), [[1], ["two"], [[3, 4]]]);
  await assert.rejects(rows(fileAsInputs(path, "list")), { message: /^inputs\.jsonl, line 1: a list of arguments/ });
  await writeFile(path, "1\n{oops}\n");
  await assert.rejects(rows(fileAsInputs(path, "value")), {
    name: "InputError",
    message: /^inputs\.jsonl, line 2: This is neither JSON/,
  });
});

test("map inputs: a JSON file holds a list", async (t) => {
  const path = join(await temporaryFolder(t), "inputs.json");
  await writeFile(path, '[{"count": 2, "name": "b"}, {"name": "a"}]');
  assert.deepEqual(await rows(fileAsInputs(path, "value")), [[{ count: 2, name: "b" }], [{ name: "a" }]]);
  assert.deepEqual(await rows(fileAsInputs(path, "names", parameters)), [["b", 2], ["a"]]);
  await writeFile(path, '{"a": 1}');
  await assert.rejects(rows(fileAsInputs(path, "value")), { message: /^inputs\.json: a list with an item per input/ });
});

test("map inputs: rows of a CSV file are dictionaries, lists, or arguments by the names of the columns", async (t) => {
  const path = join(await temporaryFolder(t), "inputs.csv");
  await writeFile(path, '\uFEFFcount,name\r\n12,"7, ""or"" 8"\n\n-0.5,007\n,true\n');
  assert.deepEqual(await rows(fileAsInputs(path, "value")), [
    [{ count: 12, name: '7, "or" 8' }],
    [{ count: -0.5, name: "007" }],
    [{ count: null, name: true }],
  ]);
  assert.deepEqual(await rows(fileAsInputs(path, "names", parameters)), [
    ['7, "or" 8', 12],
    ["007", -0.5],
    ["true", null],
  ]);
  assert.deepEqual((await rows(fileAsInputs(path, "list", parameters)))[0], ["12", '7, "or" 8']);
});

test("map inputs: what is wrong in a CSV file is told with its line", async (t) => {
  const path = join(await temporaryFolder(t), "inputs.csv");
  await writeFile(path, "name,count\na,1\nb\n");
  await assert.rejects(rows(fileAsInputs(path, "value")), { name: "InputError", message: /^inputs\.csv: .*line 3/ });
  await writeFile(path, "count\n1\n");
  const missing = /^inputs\.csv, line 2: "name" is missing, which stands before others that are given\.$/;
  await assert.rejects(rows(fileAsInputs(path, "names", parameters)), { message: missing });
  await writeFile(path, "colour\nred\n");
  const unknown = /^inputs\.csv, line 2: the function has no parameter "colour"; it has: name, count, rest\.$/;
  await assert.rejects(rows(fileAsInputs(path, "names", parameters)), { message: unknown });
  await assert.rejects(rows(fileAsInputs(join(path, "none.csv"), "value")), { code: /^ENO/ });
});

test("map inputs: a long table is read as it is asked for", async (t) => {
  const path = join(await temporaryFolder(t), "inputs.csv");
  await writeFile(path, `count\n${Array.from({ length: 20_000 }, (_, index) => index).join("\n")}\n`);
  const few: unknown[] = [];
  for await (const row of fileAsInputs(path, "value").rows) if (few.push(row) === 3) break;
  assert.deepEqual(few, [[{ count: 0 }], [{ count: 1 }], [{ count: 2 }]]);
  const last = (await rows(selectInputs(fileAsInputs(path, "value"), [7, 19_999]))).at(-1);
  assert.deepEqual(last, [{ count: 19_999 }]);
});

test("map inputs: lines are values where all of them are, and otherwise text", async () => {
  assert.deepEqual(await rows(parseMapInputs(linesAsText("1\r\n\n  {'a': None}\n(2, 3)"))), [
    [1],
    [{ a: null }],
    [[2, 3]],
  ]);
  assert.deepEqual(await rows(parseMapInputs(linesAsText("1 # one\n2"))), [[1], [2]]);
  assert.deepEqual(await rows(parseMapInputs(linesAsText("1\nhttps://modal.com"))), [["1"], ["https://modal.com"]]);
  assert.throws(() => linesAsText(" \n"), InputError);
});

test("map inputs: some of all, in their order", async () => {
  const some = selectInputs(parseMapInputs("10..99"), [5, 0, 89]);
  assert.equal(some.count, 3);
  assert.deepEqual(await rows(some), [[10], [15], [99]]);
});
