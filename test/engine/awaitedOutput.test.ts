// The output that comes with the answer to a call, for clients that say how long they would wait for it.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { Connection } from "../../src/client/connection/connection.ts";
import { pause } from "../../src/client/connection/retry.ts";
import {
  FunctionCallType as CallType,
  DataFormat,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { EngineHarness, until } from "./engineHarness.ts";

const source = `import os, time
import modal

app = modal.App("awaited")

def note(path):
    with open(path, "a") as notes:
        notes.write("ran\\n")

@app.function()
def square(x, path=None):
    if path:
        note(path)
    return x * x

@app.function(retries=modal.Retries(max_retries=1, initial_delay=0.0))
def second_time(path):
    note(path)
    if len(open(path).readlines()) < 2:
        raise ValueError("not yet")
    return "then"

@app.function()
def fail():
    raise ValueError("no")

@app.function()
def large():
    return bytes(3_000_000)

@app.function()
def wait_for(path, started):
    note(started)
    while not os.path.exists(path):
        time.sleep(0.01)
    return "done"
`;

/** Longer than any test takes: what ends sooner was ended by something else. */
const FOR_EVER_MS = 3_600_000;

async function deployed(t: Parameters<typeof EngineHarness.start>[0]) {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(source);
  const functionId = (name: string) => apps[0]?.functions.find((fn) => fn.name === name)?.functionId ?? "";
  const call = (
    name: string,
    args: unknown[],
    outputWaitMs: number,
    { key, signal }: { key?: string; signal?: AbortSignal } = {},
  ) => {
    const argsOneof = { case: "args" as const, value: encode([args, {}]) };
    const request = {
      functionId: functionId(name),
      functionCallType: CallType.UNARY,
      functionCallInvocationType: Invocation.SYNC,
      pipelinedInputs: [{ idx: 0, input: { dataFormat: DataFormat.CBOR, argsOneof } }],
      outputWaitMs,
    };
    return harness.service().functionMap(request, { signal, metadata: key ? { "x-idempotency-key": key } : {} });
  };
  const callsOf = async (name: string) =>
    (await harness.service().functionCallList({ functionId: functionId(name) })).functionCalls;
  const path = (name: string) => `${harness.folder}/${name}`;
  const linesOf = async (name: string) => (await readFile(path(name), "utf8").catch(() => "")).split("\n").length - 1;
  const outputsOf = async (functionCallId: string) =>
    (await harness.service().functionGetOutputs({ functionCallId, timeout: 60 })).outputs;
  /** A call that user code makes outside of containers. */
  const callByPython = async (name: string, args: unknown[], outputWaitMs: number) => {
    const payload = encode([args, {}]);
    const params = {
      function_id: functionId(name),
      invocation: "sync",
      inputs: [{ format: DataFormat.CBOR, size: payload.length }],
      finished: true,
      output_wait_ms: outputWaitMs,
    };
    const request = { appId: apps[0]?.appId ?? "", method: "call", params: JSON.stringify(params), payload };
    const answer = await harness.engine().ask(request);
    return { value: JSON.parse(answer.value), payload: answer.payload };
  };
  return { harness, call, callByPython, callsOf, path, linesOf, outputsOf };
}

test("an answer that is held for the output, and when the holding ends", async (t) => {
  const { harness, call, callByPython, callsOf, path, linesOf, outputsOf } = await deployed(t);

  await t.test("an output that is there in time comes with the answer, and stays to be read", async () => {
    const { functionCallId, awaitedOutput } = await call("square", [7], FOR_EVER_MS);
    assert.equal(awaitedOutput?.result?.status, Status.SUCCESS);
    assert.deepEqual(await outputsOf(functionCallId), [awaitedOutput]);
  });

  await t.test("who does not ask is answered at once", async () => {
    const { functionCallId, awaitedOutput } = await call("wait_for", [path("go-1"), path("started-1")], 0);
    assert.equal(awaitedOutput, undefined);
    await writeFile(path("go-1"), "");
    assert.equal((await outputsOf(functionCallId)).length, 1);
  });

  await t.test("an output that takes longer is read later", async () => {
    const { functionCallId, awaitedOutput } = await call("wait_for", [path("go-2"), path("started-2")], 1);
    assert.equal(awaitedOutput, undefined);
    await writeFile(path("go-2"), "");
    assert.equal((await outputsOf(functionCallId)).length, 1);
  });

  await t.test("a failure comes with the answer, too", async () => {
    const { awaitedOutput } = await call("fail", [], FOR_EVER_MS);
    assert.match(awaitedOutput?.result?.exception ?? "", /ValueError\('no'\)/);
  });

  await t.test("an output that the engine tries again for is the last one", async () => {
    const { awaitedOutput } = await call("second_time", [path("tries")], FOR_EVER_MS);
    assert.equal(awaitedOutput?.result?.status, Status.SUCCESS);
    assert.equal(await linesOf("tries"), 2);
  });

  await t.test("user code that calls a function gets the output in the same way", async () => {
    const square = await callByPython("square", [7], FOR_EVER_MS);
    assert.equal(square.value.outputs[0].status, "SUCCESS");
    assert.equal(decode(square.payload), 49);
    assert.equal((await outputsOf(square.value.function_call_id)).length, 1);
    const waits = await callByPython("wait_for", [path("go-6"), path("started-6")], 1);
    assert.deepEqual(waits.value.outputs, []);
    await writeFile(path("go-6"), "");
    assert.equal((await outputsOf(waits.value.function_call_id)).length, 1);
  });

  await t.test("a large output comes as a blob", async () => {
    const { awaitedOutput } = await call("large", [], FOR_EVER_MS);
    assert.equal(awaitedOutput?.result?.dataOneof.case, "dataBlobId");
    const value = await harness.modal().functions.fromName("awaited", "large").remote();
    assert.equal((value as Uint8Array).length, 3_000_000);
  });

  await t.test("the end of the call ends the holding", async () => {
    const held = call("wait_for", [path("never"), path("started-3")], FOR_EVER_MS);
    await until("it runs", async () => (await linesOf("started-3")) === 1);
    const [newest] = await callsOf("wait_for");
    await harness.service().functionCallCancel({ functionCallId: newest?.functionCallId ?? "" });
    assert.equal((await held).awaitedOutput?.result?.status, Status.TERMINATED);
  });

  await t.test("a caller who leaves leaves the call to go on", async () => {
    const leaving = new AbortController();
    const held = call("wait_for", [path("go-4"), path("started-4")], FOR_EVER_MS, { signal: leaving.signal });
    await until("it runs", async () => (await linesOf("started-4")) === 1);
    leaving.abort(new Error("left"));
    await assert.rejects(held, /left/);
    await writeFile(path("go-4"), "");
    const [newest] = await callsOf("wait_for");
    const [output] = await outputsOf(newest?.functionCallId ?? "");
    assert.equal(output?.result?.status, Status.SUCCESS);
  });

  await t.test("the engine does not wait for what it holds when it ends", async () => {
    const held = call("wait_for", [path("never"), path("started-5")], FOR_EVER_MS);
    const ended = assert.rejects(held, { name: "RpcError" });
    await until("it runs", async () => (await linesOf("started-5")) === 1);
    assert.deepEqual(await harness.end("SIGTERM"), { code: 0, signal: null });
    await ended;
  });
});

test("an answer that was lost with its engine is given again: the same call, the same output, one run", async (t) => {
  const { harness, call, path, linesOf } = await deployed(t);
  const before = await call("square", [7, path("runs")], FOR_EVER_MS, { key: "key-1" });
  await harness.end("SIGKILL");
  await harness.restart();
  const after = await call("square", [7, path("runs")], FOR_EVER_MS, { key: "key-1" });
  assert.deepEqual(after, before);
  assert.equal(after.awaitedOutput?.result?.status, Status.SUCCESS);
  assert.equal(await linesOf("runs"), 1);
});

test("an engine that is killed while it holds an answer: the client gets it from the next one", async (t) => {
  const { harness, callsOf, path, linesOf } = await deployed(t);
  // The next engine is where the client looks for it before it tries again.
  let restarted = () => {};
  const isRestarted = new Promise<void>((resolve) => {
    restarted = resolve;
  });
  const connection = new Connection(harness.ready, (durationMs, signal) =>
    isRestarted.then(() => pause(durationMs, signal)),
  );
  t.after(() => connection.close());
  const { functionId } = await connection.rpc.functionGet({ appName: "awaited", objectTag: "wait_for" });
  const argsOneof = { case: "args" as const, value: encode([[path("go"), path("started")], {}]) };
  const held = connection.rpc.functionMap({
    functionId,
    functionCallType: CallType.UNARY,
    functionCallInvocationType: Invocation.SYNC,
    pipelinedInputs: [{ idx: 0, input: { dataFormat: DataFormat.CBOR, argsOneof } }],
    outputWaitMs: FOR_EVER_MS,
  });
  await until("it runs", async () => (await linesOf("started")) === 1);
  await harness.end("SIGKILL");
  await harness.restart();
  restarted();
  await writeFile(path("go"), "");
  const { functionCallId, awaitedOutput } = await held;
  assert.equal(awaitedOutput?.result?.status, Status.SUCCESS);
  const calls = await callsOf("wait_for");
  assert.deepEqual(
    calls.map((made) => made.functionCallId),
    [functionCallId],
  );
});
