import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Output } from "../../src/client/calls/output.ts";
import { mapInputs } from "../../src/client/map/map.ts";
import { collect } from "./fakeModal.ts";
import { type Attempt, type MapScript, type Outcome, ScriptedMaps } from "./scriptedMap.ts";
import { VirtualClock } from "./virtualClock.ts";

/** The same maps in every run. */
/** A map that hangs is a failure. */
const RUNS = { seed: 20_261_122, numRuns: 150, timeout: 5_000 } as const;
const LIMIT = { timeout: 60_000 };

const PLANES = ["control plane", "input plane"] as const;
type Plane = (typeof PLANES)[number];

function attemptOf(outcome: fc.Arbitrary<Outcome>): fc.Arbitrary<Attempt> {
  return fc.record({ outcome, durationMs: fc.nat({ max: 5_000 }), isRepeated: fc.boolean() });
}

/** Attempts that end otherwise than well come first; the last one succeeds. */
function attemptsOn(plane: Plane): fc.Arbitrary<Attempt[]> {
  const outcomes: Outcome[] = ["failure", "internalFailure"];
  const bad = fc.constantFrom<Outcome>(...outcomes, ...(plane === "input plane" ? (["lost"] as const) : []));
  return fc
    .tuple(fc.array(attemptOf(bad), { maxLength: 4 }), attemptOf(fc.constant("success")))
    .map(([attempts, last]) => [...attempts, last]);
}

function scriptOn(plane: Plane): fc.Arbitrary<MapScript> {
  return fc.record({
    inputs: fc.array(attemptsOn(plane), { maxLength: 120, size: "max" }),
    retries: fc.nat({ max: 3 }),
    maxInputsOutstanding: fc.constantFrom(0, 1, 7, 60),
    maxOutputs: fc.constantFrom(1, 3, 1_000),
    connection: fc.array(fc.constantFrom("holds", "breaksBefore", "breaksAfter"), { maxLength: 60 }),
  });
}

/** What the protocol makes of an input: the attempt that counts, by its number and how it ended. */
function expected(index: number, attempts: readonly Attempt[], retries: number): unknown {
  for (const [count, { outcome }] of attempts.entries()) {
    if (outcome === "success") return [index, count];
    if (outcome === "failure" && count + 1 > retries) return `attempt ${count} of ${index}`;
  }
  return assert.fail("The last attempt succeeds.");
}

/** Runs the map, its inputs given one by one when `gapMs` says so, and returns what it yields. */
async function results(script: MapScript, plane: Plane, orderOutputs: boolean, gapMs: number): Promise<unknown[]> {
  const clock = new VirtualClock();
  const server = new ScriptedMaps(script, plane, clock.pause);
  const rows = script.inputs.map((_, index) => [index]);
  async function* slowly() {
    for (const row of rows) {
      await clock.pause(gapMs, undefined);
      yield row;
    }
  }
  const present = (output: Output) => (output.status === "SUCCESS" ? output.value() : output.exception);
  const source = gapMs > 0 ? slowly() : rows;
  const options = { orderOutputs, returnExceptions: true };
  const found = await collect(
    mapInputs(server.rpc, () => Promise.resolve(server.handle), source, options, present, clock.pause),
  );
  assert.equal(server.tooManyUnderWay, 0);
  return found;
}

for (const plane of PLANES) {
  test(`on the ${plane} a map keeps the order, and loses and doubles nothing, whatever happens`, LIMIT, async () => {
    await fc.assert(
      fc.asyncProperty(scriptOn(plane), fc.constantFrom(0, 0, 300), async (script, gapMs) => {
        const wanted = script.inputs.map((attempts, index) => expected(index, attempts, script.retries));
        assert.deepEqual(await results(script, plane, true, gapMs), wanted);
      }),
      RUNS,
    );
  });

  test(`on the ${plane} a map without order yields the same, once each`, LIMIT, async () => {
    await fc.assert(
      fc.asyncProperty(scriptOn(plane), async (script) => {
        const wanted = script.inputs.map((attempts, index) =>
          JSON.stringify(expected(index, attempts, script.retries)),
        );
        const found = (await results(script, plane, false, 0)).map((result) => JSON.stringify(result));
        assert.deepEqual(found.sort(), wanted.sort());
      }),
      RUNS,
    );
  });
}
