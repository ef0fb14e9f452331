import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeFrame, FrameReader } from "../../src/proto/frames.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { EngineHarness } from "./engineHarness.ts";

/** What `scribble` writes goes to every pipe of its container: one of them leads to the engine. */
const SOURCE = `import base64, os, stat, modal

app = modal.App("frames")

@app.function(timeout=10)
def scribble(text):
    for name in os.listdir("/proc/self/fd"):
        fd = int(name)
        try:
            if fd > 2 and stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.write(fd, base64.b64decode(text))
        except OSError:
            pass
    return "done"

@app.function()
def answer():
    return 42
`;

const TYPES = ["output", "item", "log", "request", "ready", "template", "failed", "unknown"];

/** A header that begins as one of ours, with any values where ours have some. */
const header = fc.record(
  {
    type: fc.oneof(fc.constantFrom(...TYPES), fc.jsonValue()),
    input: fc.oneof(fc.constantFrom("in-0", "in-1", "in-16777216", ""), fc.jsonValue()),
    format: fc.jsonValue(),
    status: fc.oneof(fc.constantFrom("SUCCESS", "FAILURE", "TERMINATED"), fc.jsonValue()),
    at: fc.jsonValue(),
    started: fc.jsonValue(),
    ended: fc.jsonValue(),
    items: fc.jsonValue(),
    file: fc.oneof(fc.constantFrom("../engine.sqlite", "bl-0", "/etc/passwd"), fc.jsonValue()),
    method: fc.oneof(fc.constantFrom("invoke", "outputs", "lookup", "constructor", "__proto__"), fc.jsonValue()),
    params: fc.jsonValue(),
    exception: fc.jsonValue(),
    fd: fc.jsonValue(),
  },
  { requiredKeys: ["type"] },
);
const frame = fc
  .tuple(header, fc.uint8Array({ maxLength: 40 }))
  .map(([json, payload]) => Buffer.concat(encodeFrame(json, [payload])));
const bytes = fc.uint8Array({ maxLength: 60 }).map((random) => Buffer.from(random));

test("any stream is frames or an error, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(frame, bytes), { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (parts, size) => {
      const reader = new FrameReader();
      const stream = Buffer.concat(parts);
      try {
        for (let offset = 0; offset < stream.length; offset += size) {
          for (const { header } of reader.read(stream.subarray(offset, offset + size)))
            assert.equal(typeof header, "object");
        }
      } catch (error) {
        assert.ok(
          error instanceof Error && !(error instanceof RangeError) && error.name !== "AssertionError",
          error as Error,
        );
      }
    }),
    fuzzed(2_000),
  );
});

test("frames that make no sense end their container, and the engine goes on", FUZZ_LIMIT, async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const { pid } = harness.ready;
  const scribble = modal.functions.fromName("frames", "scribble");
  const answer = modal.functions.fromName("frames", "answer");
  await fc.assert(
    fc.asyncProperty(fc.oneof(frame, bytes), async (stream) => {
      await scribble.remote([stream.toString("base64")]).catch((error: unknown) => assert.ok(error instanceof Error));
      assert.equal(await answer.remote([]), 42);
    }),
    { ...fuzzed(25), endOnFailure: true },
  );
  assert.equal((await harness.engine().getStatus({})).pid, pid);
});
