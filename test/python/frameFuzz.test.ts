import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeFrame } from "../../src/proto/frames.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { pythonLines } from "./pythonLines.ts";

/** So many streams go to one Python process: starting it takes longer than they do. */
const BATCH = 100;

/** Reads a stream of frames from each line. */
const PROGRAM = `import json, os, sys
from spawnpoint.frames import FrameReader
for line in sys.stdin:
    reading, writing = os.pipe()
    os.write(writing, bytes.fromhex(line))
    os.close(writing)
    reader = FrameReader(reading)
    said = []
    try:
        while (frame := reader.read()) is not None:
            said.append([json.dumps(frame[0]), frame[1].hex()])
    except BaseException as error:
        said.append([base.__name__ for base in type(error).__mro__])
    os.close(reading)
    print(json.dumps(said))
`;

/** For each stream, what was read: the headers as JSON with their payloads, and of what is raised the classes. */
function readByPython(streams: readonly Uint8Array[]): string[][][] {
  return pythonLines(PROGRAM, streams).map((line) => JSON.parse(line) as string[][]);
}

const frame = fc.record({
  header: fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 2, noUnicodeString: false }), {
    noNullPrototype: true,
  }),
  payload: fc.uint8Array({ maxLength: 100 }),
});
const frames = fc.array(frame, { maxLength: 5 });

function streamOf(some: readonly { header: object; payload: Uint8Array }[]): Buffer {
  return Buffer.concat(some.flatMap(({ header, payload }) => encodeFrame(header, [payload])));
}

test("the frames that the engine writes, Python reads as the same", FUZZ_LIMIT, () => {
  fc.assert(
    fc.property(fc.array(frames, { minLength: BATCH, maxLength: BATCH }), (streams) => {
      const expected = streams.map((some) =>
        some.map(({ header, payload }) => [JSON.parse(JSON.stringify(header)), Buffer.from(payload).toString("hex")]),
      );
      const read = readByPython(streams.map(streamOf));
      assert.deepEqual(
        read.map((some) => some.map(([header = "", payload]) => [JSON.parse(header), payload])),
        expected,
      );
    }),
    { ...fuzzed(3), endOnFailure: true },
  );
});

const damaged = fc
  .tuple(frames, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.uint8Array({ maxLength: 30 }))
  .map(([some, changes, rest]) => {
    const stream = Buffer.concat([streamOf(some), rest]);
    for (const [at, byte] of changes) if (stream.length > 0) stream[at % stream.length] = byte;
    return stream;
  });

test("whatever comes on a worker's pipe is frames, its end, or an error that says why", FUZZ_LIMIT, () => {
  fc.assert(
    fc.property(fc.array(damaged, { minLength: BATCH, maxLength: BATCH }), (streams) => {
      for (const said of readByPython(streams)) {
        const last = said.at(-1);
        // A header that is no JSON; a payload that is longer than there is memory.
        const isRaised = Array.isArray(last) && last.includes("BaseException");
        if (isRaised)
          assert.ok(
            ["ValueError", "MemoryError"].some((name) => last.includes(name)),
            String(last),
          );
      }
    }),
    { ...fuzzed(5), endOnFailure: true },
  );
});
