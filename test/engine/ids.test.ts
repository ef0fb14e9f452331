import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callNumberOf,
  functionCallIdFrom,
  indexOf,
  inputIdOf,
  inputKey,
  inputKeyFromId,
  MAX_INPUTS_PER_CALL,
  newId,
  newTaskId,
} from "../../src/engine/ids.ts";

test("ids have the forms that Modal's clients expect, and do not repeat", () => {
  assert.match(newId("ap"), /^ap-[0-9A-Za-z]{22}$/);
  assert.match(newTaskId(), /^ta-[0-9A-Z]{26}$/);
  assert.equal(new Set(Array.from({ length: 1_000 }, () => newId("fc"))).size, 1_000);
});

test("the same request gives the same call id, of the form of all others", () => {
  const [id, again, other] = ["key-1", "key-1", "key-2"].map(functionCallIdFrom);
  assert.match(id ?? "", /^fc-[0-9A-Za-z]{22}$/);
  assert.equal(again, id);
  assert.notEqual(other, id);
});

test("an input's key holds its call and its index, and survives its text form", () => {
  for (const [call, index] of [
    [1, 0],
    [7, MAX_INPUTS_PER_CALL - 1],
    [500_000_000, 12_345],
  ] as const) {
    const key = inputKey(call, index);
    assert.equal(callNumberOf(key), call);
    assert.equal(indexOf(key), index);
    assert.equal(inputKeyFromId(inputIdOf(key)), key);
  }
  assert.equal(inputKey(1, MAX_INPUTS_PER_CALL - 1) + 1, inputKey(2, 0));
});

test("what is no input id has no key", () => {
  for (const text of ["", "in-", "in-UPPER", "fc-1", "in-1 ", "in-zzzzzzzzzzzz", "in-zzzzzzzzzzz"]) {
    assert.equal(inputKeyFromId(text), undefined, text);
  }
});
