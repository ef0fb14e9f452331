import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { decode, encode } from "cbor-x";
import { RemoteError } from "../../src/client/index.ts";
import {
  FunctionCallType as CallType,
  type DataChunk,
  DataFormat,
  type FunctionGetOutputsItem,
  GeneratorDoneSchema,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { type RpcError, RpcStatus, rpcErrorFrom } from "../../src/proto/grpc/rpcError.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import os, time
import modal

app = modal.App("plane")

@app.function()
def square(x):
    return x * x

@app.function(retries=3)
def flaky(path, failures):
    with open(path, "a") as file:
        file.write("run\\n")
    with open(path) as file:
        runs = len(file.readlines())
    if runs <= failures:
        raise ValueError(f"run {runs}")
    return runs

@app.function()
def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.01)
    return "there"

@app.function()
def dies():
    os.kill(os.getpid(), 9)

@app.function(retries=3)
def count(n):
    yield from range(n)

@app.function(retries=modal.Retries(max_retries=1, initial_delay=0.0))
def second_time(path):
    if not os.path.exists(path):
        open(path, "w").close()
        raise ValueError("not yet")
    yield "now"

@app.function()
def echo(data):
    return data

@app.function(retries=3)
def fail_after(n):
    yield from range(n)
    raise ValueError("enough")

@app.cls()
class Counter:
    start: int = modal.parameter(default=1)

    @modal.method()
    def plus(self, x):
        return self.start + x
`;

const HELD_SECS = 55;

/** A deployed engine, and the input plane in short. */
async function inputPlane(t: TestContext, options: readonly string[] = []) {
  const harness = await EngineHarness.start(t, options);
  await harness.deploy(source);
  const functionId = async (name: string) =>
    (await harness.service().functionGet({ appName: "plane", objectTag: name })).functionId;
  const start = async (name: string, args: unknown[]) =>
    harness.service().attemptStart({ functionId: await functionId(name), input: item(0, args) });
  const output = async (attemptToken: string, timeoutSecs = HELD_SECS) =>
    (await harness.service().attemptAwait({ attemptToken, timeoutSecs })).output;
  return { harness, functionId, start, output, path: (name: string) => join(harness.folder, name) };
}

function item(idx: number, args: unknown[]) {
  return {
    idx,
    input: { dataFormat: DataFormat.CBOR, argsOneof: { case: "args" as const, value: encode([args, {}]) } },
  };
}

/** Status, retry count, and the value or the exception. */
function summary(output: FunctionGetOutputsItem | undefined) {
  const { result, retryCount } = output ?? assert.fail("There is no output.");
  const status = Status[result?.status ?? 0];
  const { dataOneof } = result ?? {};
  const value = status === "SUCCESS" && dataOneof?.case === "data" ? decode(dataOneof.value) : result?.exception;
  return [status, retryCount, value];
}

function refusal(request: Promise<unknown>): Promise<RpcError> {
  return request.then(() => assert.fail("It was answered."), rpcErrorFrom);
}

test("a failed attempt is the client's to retry, and its token goes on to the next one", async (t) => {
  const { harness, functionId, start, output, path } = await inputPlane(t);
  const args = [path("runs"), 2];
  const { attemptToken: first, retryPolicy } = await start("flaky", args);
  assert.deepEqual([retryPolicy?.retries, retryPolicy?.initialDelayMs], [3, 1_000]);
  assert.deepEqual(summary(await output(first)), ["FAILURE", 0, "ValueError('run 1')"]);
  const request = { functionId: await functionId("flaky"), input: item(0, args) };
  const retry = async (attemptToken: string) =>
    (await harness.service().attemptRetry({ ...request, attemptToken })).attemptToken;
  const second = await retry(first);
  assert.equal(await retry(first), second, "the same request again is the same attempt");
  assert.deepEqual(summary(await output(second)), ["FAILURE", 1, "ValueError('run 2')"]);
  assert.deepEqual(summary(await output(await retry(second))), ["SUCCESS", 2, 3]);
  assert.equal(await readFile(path("runs"), "utf8"), "run\n".repeat(3));
});

test("the output of a first attempt comes with its token to those who say that they would wait", async (t) => {
  const { harness, functionId, output } = await inputPlane(t);
  const started = async (name: string, args: unknown[]) => {
    const request = { functionId: await functionId(name), input: item(0, args), outputWaitMs: 3_600_000 };
    return harness.service().attemptStart(request);
  };
  const { attemptToken, awaitedOutput } = await started("square", [7]);
  assert.deepEqual(summary(awaitedOutput), ["SUCCESS", 0, 49]);
  assert.deepEqual(summary(await output(attemptToken)), summary(awaitedOutput));
  assert.deepEqual(summary((await started("dies", [])).awaitedOutput).slice(0, 1), ["FAILURE"]);
});

test("an attempt is waited for as long as is asked, and outlives the engine", async (t) => {
  const { harness, start, output, path } = await inputPlane(t);
  const { attemptToken } = await start("wait_for", [path("signal")]);
  assert.equal(await output(attemptToken, 0), undefined);
  const held = output(attemptToken);
  await writeFile(path("signal"), "");
  assert.deepEqual(summary(await held), ["SUCCESS", 0, "there"]);

  const { attemptToken: next } = await start("wait_for", [path("later")]);
  await harness.end("SIGKILL");
  await harness.restart();
  await writeFile(path("later"), "");
  assert.deepEqual(summary(await output(next)), ["SUCCESS", 0, "there"]);
  assert.deepEqual(summary(await output(attemptToken)), ["SUCCESS", 0, "there"]);
});

test("an input under which containers die is no failure of the machinery, which clients would try again and again", async (t) => {
  const { start, output } = await inputPlane(t);
  const [status, , exception] = summary(await output((await start("dies", [])).attemptToken));
  assert.equal(status, "FAILURE");
  assert.match(String(exception), /SIGKILL, 3 times/);
});

test("a generator's items are read by its attempt, and the engine decides about its retries", async (t) => {
  const { harness, start, output, path } = await inputPlane(t);
  const { attemptToken, retryPolicy } = await start("count", [5]);
  assert.equal(retryPolicy, undefined);
  const done = await output(attemptToken);
  assert.equal(done?.dataFormat, DataFormat.GENERATOR_DONE);
  const data = done.result?.dataOneof.case === "data" ? done.result.dataOneof.value : new Uint8Array();
  assert.equal(fromBinary(GeneratorDoneSchema, data).itemsTotal, 5n);
  const chunks: DataChunk[] = [];
  const callInfo = { case: "attemptToken" as const, value: attemptToken };
  for await (const together of harness.service().functionCallGetDataOut({ callInfo, lastIndex: 2n })) {
    chunks.push(...together);
    if (chunks.at(-1)?.index === 5n) break;
  }
  assert.deepEqual(
    chunks.map(({ index, dataOneof }) => [index, dataOneof.case === "data" && decode(dataOneof.value)]),
    [
      [3n, 2],
      [4n, 3],
      [5n, 4],
    ],
  );

  const again = await start("second_time", [path("second_time")]);
  assert.equal((await output(again.attemptToken))?.dataFormat, DataFormat.GENERATOR_DONE);
});

test("a map goes on by its token: more inputs, further attempts, and waits that are held", async (t) => {
  const { harness, functionId, path } = await inputPlane(t);
  const service = harness.service();
  const flaky = await functionId("flaky");
  const inputs = [item(1, [path("one"), 1]), item(2, [path("two"), 0])] as const;
  const started = await service.mapStartOrContinue({
    functionId: flaky,
    callInfo: { case: "mapToken", value: "" },
    items: inputs.map((input) => ({ input })),
  });
  assert.equal(started.attemptTokens.length, 2);
  assert.equal(started.maxInputsOutstanding, 2_000);
  assert.equal(started.retryPolicy?.retries, 3);
  const callInfo = { case: "mapToken" as const, value: started.mapToken };
  let lastEntryId = "";
  const found = new Map<number, unknown[]>();
  const read = async (count: number) => {
    found.clear();
    while (found.size < count) {
      const answer = await service.mapAwait({ callInfo, lastEntryId, timeout: HELD_SECS });
      lastEntryId = answer.lastEntryId;
      for (const output of answer.outputs) found.set(output.idx, summary(output));
    }
    return [...found].sort(([a], [b]) => a - b);
  };
  assert.deepEqual(await read(2), [
    [1, ["FAILURE", 0, "ValueError('run 1')"]],
    [2, ["SUCCESS", 0, 1]],
  ]);
  assert.deepEqual(await service.mapAwait({ callInfo, lastEntryId, timeout: 0 }).then(({ outputs }) => outputs), []);

  // Everything has ended; the client may still come with more, also after a restart of the engine.
  const held = read(2);
  const [firstToken] = started.attemptTokens;
  const continued = await service.mapStartOrContinue({
    functionId: flaky,
    callInfo,
    items: [
      { input: item(3, [path("three"), 0]) },
      { input: inputs[0], ...(firstToken !== undefined && { attemptToken: firstToken }) },
    ],
  });
  assert.equal(continued.mapToken, started.mapToken);
  const { lost } = await service.mapCheckInputs({ attemptTokens: continued.attemptTokens });
  assert.deepEqual(lost, [false, false]);
  assert.deepEqual(await held, [
    [1, ["SUCCESS", 1, 2]],
    [3, ["SUCCESS", 0, 1]],
  ]);
});

test("a token that is none, or stands for nothing here, is refused", async (t) => {
  const { harness, functionId, start } = await inputPlane(t);
  const service = harness.service();
  for (const attemptToken of ["", "at-1", "bogus", "at-zzzzzzzzzzzz-0"]) {
    assert.equal((await refusal(service.attemptAwait({ attemptToken }))).code, RpcStatus.INVALID_ARGUMENT);
    assert.equal((await refusal(service.attemptRetry({ attemptToken }))).code, RpcStatus.INVALID_ARGUMENT);
  }
  const attemptToken = "at-7777777-0";
  assert.equal((await refusal(service.attemptAwait({ attemptToken }))).code, RpcStatus.NOT_FOUND);
  const callInfo = { case: "attemptToken" as const, value: attemptToken };
  const items = collected(service.functionCallGetDataOut({ callInfo }));
  assert.equal((await refusal(items)).code, RpcStatus.NOT_FOUND);
  const mapToken = { case: "mapToken" as const, value: "fc-0" };
  assert.equal((await refusal(service.mapAwait({ callInfo: mapToken }))).code, RpcStatus.NOT_FOUND);
  // An attempt of another function call is not one of this map.
  const other = await start("square", [1]);
  const square = await functionId("square");
  const map = await service.mapStartOrContinue({ functionId: square, items: [{ input: item(1, [1]) }] });
  const foreign = service.mapStartOrContinue({
    functionId: square,
    callInfo: { case: "mapToken", value: map.mapToken },
    items: [{ input: item(1, [1]), attemptToken: other.attemptToken }],
  });
  assert.equal((await refusal(foreign)).code, RpcStatus.NOT_FOUND);
});

test("a retry on the control plane runs the input again, and gives its next token", async (t) => {
  const { harness, functionId, path } = await inputPlane(t);
  const service = harness.service();
  const input = item(0, [path("signal")]);
  const call = await service.functionMap({
    functionId: await functionId("dies"),
    functionCallType: CallType.UNARY,
    functionCallInvocationType: Invocation.SYNC,
    pipelinedInputs: [item(0, [])],
  });
  const output = async () => {
    const request = { functionCallId: call.functionCallId, timeout: HELD_SECS, lastEntryId: "0-0" };
    return (await service.functionGetOutputs(request)).outputs;
  };
  const describe = (outputs: FunctionGetOutputsItem[]) => outputs.map((output) => summary(output).slice(0, 2));
  assert.deepEqual(describe(await output()), [["INTERNAL_FAILURE", 0]]);
  let inputJwt = call.pipelinedInputs[0]?.inputJwt ?? "";
  for (const retryCount of [0, 1, 2]) {
    const inputs = [{ inputJwt, input: input.input, retryCount }];
    const answer = await service.functionRetryInputs({ functionCallJwt: call.functionCallJwt, inputs });
    inputJwt = answer.inputJwts[0] ?? "";
    const [, payload = ""] = inputJwt.split(".");
    assert.equal(JSON.parse(Buffer.from(payload, "base64url").toString()).idx, 0);
    assert.deepEqual(describe(await output()), [["INTERNAL_FAILURE", retryCount]]);
  }
  const bogus = service.functionRetryInputs({
    functionCallJwt: call.functionCallJwt,
    inputs: [{ inputJwt: "a.b.c" }],
  });
  assert.equal((await refusal(bogus)).code, RpcStatus.INVALID_ARGUMENT);
});

test("callers are told of the input plane only where the engine was started for it", async (t) => {
  for (const options of [[], ["--input-plane"]]) {
    const { harness } = await inputPlane(t, options);
    const url = options.length > 0 ? harness.ready.url : undefined;
    const metadata = async (objectTag: string) =>
      (await harness.service().functionGet({ appName: "plane", objectTag })).handleMetadata;
    assert.equal((await metadata("square"))?.inputPlaneUrl, url);
    assert.equal((await metadata("Counter.*"))?.methodHandleMetadata.plus?.inputPlaneUrl, url);
  }
});

test("the client runs over the input plane: single calls, large values, retries, classes, generators and maps", async (t) => {
  const { harness, path } = await inputPlane(t, ["--input-plane"]);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("plane", name);
  assert.equal(await named("square").remote([7]), 49);
  assert.equal(await named("flaky").remote([path("unary"), 1]), 2);
  assert.equal(await readFile(path("unary"), "utf8"), "run\n".repeat(2));
  await assert.rejects(named("flaky").remote([path("never"), 100]), RemoteError);
  assert.equal(await readFile(path("never"), "utf8"), "run\n".repeat(4));
  assert.deepEqual(
    await collected(named("count").remoteGen([100])),
    Array.from({ length: 100 }, (_, index) => index),
  );
  await assert.rejects(collected(named("fail_after").remoteGen([3])), /enough/);
  const squares = await collected(named("square").map([Array.from({ length: 2_000 }, (_, index) => index)]));
  assert.ok(squares.every((value, index) => value === index * index) && squares.length === 2_000);
  const counter = modal.classes.fromName("plane", "Counter").instance({ start: 40 });
  assert.equal(await counter.method("plus").remote([2]), 42);
  const large = new Uint8Array(3_000_000).fill(7);
  assert.deepEqual(new Uint8Array((await named("echo").remote([large])) as Uint8Array), large);
  const paths = ["a", "b", "c"].map(path);
  assert.deepEqual(await collected(named("flaky").map([paths, [1, 0, 2]])), [2, 1, 3]);
  await until("nothing is unfinished", async () => (await harness.engine().getStatus({})).unfinishedInputs === 0);
});

test("a map over the input plane goes on when the engine is killed in its middle", async (t) => {
  const { harness, path } = await inputPlane(t, ["--input-plane"]);
  const modal = harness.modal();
  const results = modal.functions.fromName("plane", "wait_for").map([[path("early"), path("late")]]);
  await writeFile(path("early"), "");
  const iterator = results[Symbol.asyncIterator]();
  assert.deepEqual(await iterator.next(), { done: false, value: "there" });
  const { port } = new URL(harness.ready.url);
  await harness.end("SIGKILL");
  await harness.restart(["--port", port, "--input-plane"]);
  await writeFile(path("late"), "");
  assert.deepEqual(await iterator.next(), { done: false, value: "there" });
  assert.equal((await iterator.next()).done, true);
});
