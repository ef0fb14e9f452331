import assert from "node:assert/strict";
import { test } from "node:test";
import { Idleness } from "../../src/engine/idleness.ts";
import { FakeClock } from "./fakeClock.ts";

const nothing = async () => {};

test("what takes long is use from its beginning to its end, also when it fails", async () => {
  const clock = new FakeClock();
  const idleness = new Idleness(clock);
  let fail = () => {};
  const failing = idleness.during(() => new Promise((_, reject) => (fail = () => reject(new Error("no")))));
  await clock.advance(10_000, nothing);
  assert.equal(idleness.lasts(5_000), false);
  fail();
  await assert.rejects(failing, /no/);
  await clock.advance(5_000, nothing);
  assert.equal(idleness.lasts(5_000), false);
  await clock.advance(1, nothing);
  assert.equal(idleness.lasts(5_000), true);
  idleness.used();
  assert.equal(idleness.lasts(5_000), false);
});
