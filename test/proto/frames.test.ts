import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, type Frame, FrameReader } from "../../src/proto/frames.ts";

const frames = [
  { header: { type: "ready", import_ms: 3 }, payload: "" },
  { header: { type: "output", input: "in-1", text: "gruß \u{1f600}" }, payload: "some bytes" },
  { header: {}, payload: "" },
  { header: { type: "log" }, payload: "x".repeat(300) },
];

const bytes = Buffer.concat(frames.flatMap(({ header, payload }) => encodeFrame(header, [Buffer.from(payload)])));

function readInPieces(size: number): Frame[] {
  const reader = new FrameReader();
  const read: Frame[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    read.push(...reader.read(bytes.subarray(offset, offset + size)));
  }
  return read;
}

test("frames are read however the stream is cut", () => {
  for (const size of [1, 2, 3, 7, 8, 9, 64, 333, bytes.length]) {
    const read = readInPieces(size).map(({ header, payload }) => ({
      header,
      payload: Buffer.from(payload).toString(),
    }));
    assert.deepEqual(read, frames, `in pieces of ${size}`);
  }
});

test("several payloads go one after another", () => {
  const [frame] = new FrameReader().read(Buffer.concat(encodeFrame({ n: 1 }, [Buffer.from("ab"), Buffer.from("cd")])));
  assert.equal(Buffer.from(frame?.payload ?? []).toString(), "abcd");
});

test("a large payload in pipe-sized pieces", () => {
  const payload = Buffer.alloc(20_000_000, "payload ");
  const stream = Buffer.concat(encodeFrame({ type: "output" }, [payload]));
  const reader = new FrameReader();
  const read: Frame[] = [];
  for (let offset = 0; offset < stream.length; offset += 65_536) {
    read.push(...reader.read(stream.subarray(offset, offset + 65_536)));
  }
  assert.equal(read.length, 1);
  assert.ok(payload.equals(read[0]?.payload ?? Buffer.of()));
});

test("a stream of something else is refused", () => {
  assert.throws(() => [...new FrameReader().read(Buffer.from("Traceback (most recent call last):\n"))], /not possible/);
  const noJson = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 0x7b, 0x7b]);
  assert.throws(() => [...new FrameReader().read(noJson)], SyntaxError);
  const noObject = Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), Buffer.from("7")]);
  assert.throws(() => [...new FrameReader().read(noObject)], /JSON object/);
});
