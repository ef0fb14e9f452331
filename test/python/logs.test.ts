import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "cbor-x";
import { type Frame, Project, Worker } from "./workerHarness.ts";

const SOURCE = `
import asyncio, logging, os, sys, threading, time
import modal

print("while importing")
app = modal.App("a")

@app.function()
def say(code):
    exec(code)

@app.function()
async def chat(name):
    print("hello", name)
    await asyncio.to_thread(print, "thread", name)
`;

async function say(code: string): Promise<{ worker: Worker; frames: Frame[]; project: Project }> {
  await using project = await Project.create({ "code_file.py": SOURCE });
  await using worker = await Worker.start(project, "code_file.py", "say");
  worker.sendInputs({ id: "in-1", call: "fc-7", data: encode([[code], {}]) });
  const { header } = await worker.output("in-1");
  assert.equal(header.status, "SUCCESS", String(header.traceback));
  const frames = worker.frames.filter((frame) => frame.header.type === "log" && frame.header.input !== null);
  return { worker, frames, project };
}

const texts = (frames: Frame[]) => frames.map(({ payload }) => payload.toString());

test("a line is one frame, with input, call, stream and time", async () => {
  const { worker, frames } = await say('print("one", 1)\nprint("two", file=sys.stderr)');
  assert.deepEqual(texts(frames), ["one 1\n", "two\n"]);
  const { at, ...header } = frames[0]?.header ?? {};
  assert.deepEqual(header, { type: "log", input: "in-1", call: "fc-7", fd: 1 });
  assert.ok(Math.abs(Number(at) * 1000 - Date.now()) < 60_000);
  assert.equal(frames[1]?.header.fd, 2);
  assert.equal(worker.logs(null, 1), "while importing\n");
  assert.equal(worker.rawOutput, "");
});

test("what has no newline is sent when it is flushed, and at the end before the output", async () => {
  const { worker, frames } = await say('print("a", end="", flush=True); print("b", end=""); sys.stderr.write("c")');
  assert.deepEqual(texts(frames).sort(), ["a", "b", "c"]);
  const kinds = worker.frames.map((frame) => frame.header.type);
  assert.equal(kinds.at(-1), "output");
});

test("a character that is written in two halves arrives whole", async () => {
  const { frames } = await say(
    'b = sys.stdout.buffer\nb.write("5 €".encode()[:-1]); b.flush(); b.write("€".encode()[-1:] + b"!"); b.flush(); b.write(b"\\xff\\n")',
  );
  assert.equal(texts(frames).join(""), "5 €!\uFFFD\n");
});

test("a huge print is sent in parts that are whole text", async () => {
  const { frames } = await say('print("ä" * 1_500_000)');
  assert.ok(frames.length > 2 && frames.every(({ payload }) => payload.length <= 1024 * 1024 + 4));
  assert.equal(texts(frames).join(""), `${"ä".repeat(1_500_000)}\n`);
});

test("prints of threads and of logging belong to the running input", async () => {
  const { worker } = await say(
    't = threading.Thread(target=lambda: [print("line", n) for n in range(500)])\nt.start()\n[print("main", n) for n in range(500)]\nt.join()\nlogging.warning("careful")',
  );
  const lines = worker.logs("in-1", 1).split("\n");
  assert.equal(lines.length, 1001);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("line")),
    Array.from({ length: 500 }, (_, n) => `line ${n}`),
  );
  assert.equal(worker.logs("in-1", 2), "WARNING:root:careful\n");
});

test("descriptors 1 and 2 themselves stay the container's", async () => {
  const { worker, frames } = await say('os.write(1, b"raw\\n"); sys.stdout.fileno(); os.system("echo child")');
  assert.deepEqual(frames, []);
  assert.equal(worker.rawOutput, "raw\nchild\n");
});

test("an async function's prints belong to its input, also from threads", async () => {
  await using project = await Project.create({ "code_file.py": SOURCE });
  await using worker = await Worker.start(project, "code_file.py", "chat");
  worker.sendInputs({ id: "in-1", data: encode([["Ann"], {}]) }, { id: "in-2", data: encode([["Ben"], {}]) });
  await worker.output("in-2");
  assert.equal(worker.logs("in-1", 1), "hello Ann\nthread Ann\n");
  assert.equal(worker.logs("in-2", 1), "hello Ben\nthread Ben\n");
});
