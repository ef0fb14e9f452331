import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseArguments } from "../../src/inputs/callArguments.ts";
import { InputError } from "../../src/inputs/inputError.ts";
import { fileAsInputs, type MapInputs, parseMapInputs, valuesAsInputs } from "../../src/inputs/mapInputs.ts";

async function rows(inputs: MapInputs): Promise<(readonly unknown[])[]> {
  const all: (readonly unknown[])[] = [];
  for await (const row of inputs.rows) all.push(row);
  return all;
}

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
  assert.deepEqual(await rows(valuesAsInputs([[1, 2]], false)), [[[1, 2]]]);
});

test("map inputs: refuses what has no input", () => {
  for (const text of ["", "[]", "5..1", "range(0)", "range(1, 2, 0)", '{"a": 1}', "[1,", "{1, 2}"]) {
    assert.throws(() => parseMapInputs(text), InputError, text);
  }
});

test("map inputs: a JSONL file is read line by line, errors name the line", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-inputs-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "inputs.jsonl");
  await writeFile(path, '1\n\n"two"\r\n[3, 4]');
  assert.deepEqual(await rows(fileAsInputs(path, false)), [[1], ["two"], [[3, 4]]]);
  await assert.rejects(rows(fileAsInputs(path, true)), { message: /^inputs\.jsonl, line 1: a list of arguments/ });
  await writeFile(path, "1\n{oops}\n");
  await assert.rejects(rows(fileAsInputs(path, false)), {
    name: "InputError",
    message: /^inputs\.jsonl, line 2: This is neither JSON/,
  });
});
