import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "cbor-x";
import {
  FunctionCallType as CallType,
  DataFormat,
  type FunctionPutInputsItem,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const source = `import os, time
import modal

app = modal.App("wire")

@app.function()
def square(x):
    return x * x

@app.function()
def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.01)
    return path

@app.function()
def word(w):
    return len(w)

@app.function()
def line(text):
    return sum(word.map(text.split()))

@app.function()
def text(lines):
    return [line.remote(l) for l in lines]
`;

function item(idx: number, ...args: unknown[]): Pick<FunctionPutInputsItem, "idx"> & { input: object } {
  const value = encode([args, {}]);
  return { idx, input: { dataFormat: DataFormat.CBOR, argsOneof: { case: "args" as const, value } } };
}

test("the wire, message by message", async (t) => {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(source);
  const rpc = harness.service();
  const functionId = (name: string) => apps[0]?.functions.find((fn) => fn.name === name)?.functionId ?? "";
  const call = (name: string, inputs: ReturnType<typeof item>[], functionCallType = CallType.UNARY, key?: string) =>
    rpc.functionMap(
      {
        functionId: functionId(name),
        functionCallType,
        functionCallInvocationType: Invocation.ASYNC,
        pipelinedInputs: inputs,
      },
      key === undefined ? {} : { metadata: { "x-idempotency-key": key } },
    );

  await t.test("the same FunctionMap again is the same call", async () => {
    const twice = await Promise.all([1, 2].map(() => call("square", [item(0, 7)], CallType.UNARY, "key-1")));
    const [first, second] = [...twice, await call("square", [item(0, 7)], CallType.UNARY, "key-1")];
    assert.equal(first?.functionCallId, second?.functionCallId);
    assert.deepEqual(first?.pipelinedInputs, second?.pipelinedInputs);
    const { functionCalls } = await rpc.functionCallList({ functionId: functionId("square") });
    assert.equal(functionCalls.length, 1);
  });

  await t.test("the same FunctionPutInputs again adds nothing", async () => {
    const { functionCallId } = await call("square", [], CallType.MAP);
    const request = { functionId: functionId("square"), functionCallId, inputs: [item(0, 2), item(1, 3)] };
    const [first, second] = [await rpc.functionPutInputs(request), await rpc.functionPutInputs(request)];
    assert.deepEqual(first, second);
    await rpc.functionFinishInputs({ functionId: functionId("square"), functionCallId, numInputs: 2 });
    await until("both are done", async () => {
      const { info } = await rpc.functionCallGetInfo({ functionCallId });
      return info?.succeededInputs?.total === 2 && info.totalInputs === 2;
    });
    const { outputs, numUnfinishedInputs } = await rpc.functionGetOutputs({ functionCallId, timeout: 0 });
    assert.deepEqual(outputs.map(({ idx }) => idx).sort(), [0, 1]);
    assert.equal(numUnfinishedInputs, 0);
  });

  await t.test("outputs are read after a cursor, a few at a time, again, and by index", async () => {
    const { functionCallId } = await call(
      "square",
      Array.from({ length: 5 }, (_, index) => item(index, index)),
      CallType.MAP,
    );
    await rpc.functionFinishInputs({ functionCallId });
    await until("all are done", async () => {
      return (await rpc.functionGetOutputs({ functionCallId, timeout: 0 })).numUnfinishedInputs === 0;
    });
    const read = async (lastEntryId: string, maxValues: number) =>
      rpc.functionGetOutputs({ functionCallId, timeout: 0, lastEntryId, maxValues });
    const first = await read("0-0", 2);
    const rest = await read(first.lastEntryId, 0);
    assert.equal(first.outputs.length, 2);
    assert.equal(rest.outputs.length, 3);
    assert.deepEqual((await read(rest.lastEntryId, 0)).outputs, []);
    const byIndex = await rpc.functionGetOutputs({ functionCallId, timeout: 0, startIdx: 3, endIdx: 4 });
    assert.deepEqual(
      byIndex.outputs.map(({ idx }) => idx),
      [3, 4],
    );
    await assert.rejects(rpc.functionGetOutputs({ functionCallId, startIdx: -1 }), isInvalid);
  });

  await t.test("an index outside of the call is refused", async () => {
    await assert.rejects(call("square", [item(-1, 1)]), isInvalid);
  });

  await t.test("a held poll is answered by the output, and a caller who leaves is forgotten", async () => {
    const path = `${harness.folder}/go`;
    const { functionCallId } = await call("wait_for", [item(0, path)]);
    const leaving = new AbortController();
    const left = rpc.functionGetOutputs({ functionCallId, timeout: 600 }, { signal: leaving.signal });
    const held = rpc.functionGetOutputs({ functionCallId, timeout: 600 });
    const over = await rpc.functionGetOutputs({ functionCallId, timeout: 0.05 });
    assert.deepEqual([over.outputs.length, over.numUnfinishedInputs], [0, 1]);
    leaving.abort(new Error("gone"));
    await assert.rejects(left, /gone/);
    await harness.write("../go", "");
    assert.equal((await held).outputs[0]?.result?.status, Status.SUCCESS);
    const info = await harness.engine().getStatus({});
    assert.equal(info.unfinishedInputs, 0);
  });

  await t.test("a call graph of three levels", async () => {
    const modal = harness.modal();
    const spawned = await modal.functions.fromName("wire", "text").spawn([["to be or", "not to be"]]);
    assert.deepEqual(await spawned.get(), [6, 7]);
    const [root, ...others] = await spawned.getCallGraph();
    assert.equal(others.length, 0);
    assert.equal(root?.functionName, "text");
    assert.deepEqual(
      root?.children.map(({ functionName }) => functionName),
      ["line", "line"],
    );
    for (const lineNode of root?.children ?? []) {
      assert.deepEqual(
        lineNode.children.map(({ functionName, status }) => [functionName, status]),
        Array(3).fill(["word", "SUCCESS"]),
      );
    }
    const middle = root?.children[0]?.functionCallId ?? "";
    const [part] = await modal.calls.fromId(middle).getCallGraph();
    assert.equal(part?.functionName, "line");
    assert.equal(part?.children.length, 3);
  });
});

function isInvalid(error: unknown): boolean {
  return error instanceof RpcError && error.code === RpcStatus.INVALID_ARGUMENT;
}
