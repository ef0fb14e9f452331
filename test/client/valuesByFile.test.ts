import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ValueFolder } from "../../src/client/blobs/valueFolder.ts";
import type { ServerRpc } from "../../src/client/connection/modalRpc.ts";
import { valuesByFile } from "../../src/client/connection/valuesByFile.ts";
import {
  AttemptStartResponseSchema,
  FunctionGetOutputsResponseSchema,
  FunctionMapResponseSchema,
  FunctionPutInputsResponseSchema,
  MapStartOrContinueResponseSchema,
} from "../../src/proto/gen/modal_pb.js";
import { FILE_BYTES, INLINE_BYTES } from "../../src/proto/valueFiles.ts";
import { until } from "./fakeModal.ts";

const ID = "bl-0123456789012345678901";

type Args = { case?: string | undefined; value?: unknown };

async function dataFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-values-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["uploads", "payloads"]) await mkdir(join(folder, name));
  return folder;
}

function withFolder(folder: string, methods: Partial<ServerRpc>): ServerRpc {
  return valuesByFile(methods as ServerRpc, new ValueFolder(folder));
}

function inputs(...sizes: number[]) {
  return sizes.map((size, idx) => ({
    idx,
    input: { argsOneof: { case: "args" as const, value: new Uint8Array(size).fill(idx + 1) } },
  }));
}

test("large arguments are in a file while a request names them, small ones are in the request", async (t) => {
  const folder = await dataFolder(t);
  const uploads = join(folder, "uploads");
  const given = inputs(FILE_BYTES - 1, FILE_BYTES, 3 * FILE_BYTES);
  const check = async (sent: readonly { input?: { argsOneof?: Args } | undefined }[]) => {
    assert.deepEqual(
      sent.map(({ input }) => input?.argsOneof?.case),
      ["args", "argsBlobId", "argsBlobId"],
    );
    for (const index of [1, 2]) {
      const file = await readFile(join(uploads, String(sent[index]?.input?.argsOneof?.value)));
      assert.ok(file.equals(given[index]?.input.argsOneof.value as Uint8Array));
    }
  };
  const rpc = withFolder(folder, {
    functionMap: async ({ pipelinedInputs = [] }) => {
      await check(pipelinedInputs);
      return create(FunctionMapResponseSchema, { functionCallId: "fc-1" });
    },
    functionPutInputs: async (request) => {
      await check(request.inputs ?? []);
      throw new Error("The server is gone.");
    },
    attemptStart: async ({ input }) => {
      assert.equal(input?.input?.argsOneof?.case, "argsBlobId");
      return create(AttemptStartResponseSchema, { attemptToken: "at-1" });
    },
    mapStartOrContinue: async ({ items = [] }) => {
      assert.deepEqual(
        items.map(({ attemptToken }) => attemptToken),
        [undefined, "again", undefined, undefined],
      );
      await check(items.filter(({ input }) => input).map(({ input }) => input ?? {}));
      return create(MapStartOrContinueResponseSchema, {});
    },
  });
  const emptied = () => until(() => readdirSync(uploads).length === 0);
  assert.equal((await rpc.functionMap({ pipelinedInputs: given })).functionCallId, "fc-1");
  await emptied();
  await assert.rejects(rpc.functionPutInputs({ inputs: given }), /The server is gone/);
  await emptied();
  assert.equal((await rpc.attemptStart({ input: given[1] ?? {} })).attemptToken, "at-1");
  await emptied();
  const [first = {}, ...others] = given.map((input) => ({ input }));
  await rpc.mapStartOrContinue({ items: [first, { attemptToken: "again" }, ...others] });
  await emptied();
  assert.equal(given[1]?.input.argsOneof.case, "args", "what the caller keeps for another attempt is as it was");
});

test("arguments that cannot be written are sent", async (t) => {
  const folder = join(await dataFolder(t), "missing");
  const rpc = withFolder(folder, {
    functionPutInputs: async ({ inputs: sent = [] }) => {
      assert.equal(sent[0]?.input?.argsOneof?.case, "args");
      return create(FunctionPutInputsResponseSchema, {});
    },
  });
  await rpc.functionPutInputs({ inputs: inputs(FILE_BYTES) });
});

test("a value that an answer names is read, unless it is very large or cannot be", async (t) => {
  const folder = await dataFolder(t);
  const large = ID.replace("0", "x");
  await writeFile(join(folder, "payloads", ID), "a value");
  await writeFile(join(folder, "payloads", large), new Uint8Array(INLINE_BYTES + 1));
  await writeFile(join(folder, "secret"), "not a value");
  const names = [ID, large, ID.replace("0", "y"), "../secret"];
  const rpc = withFolder(folder, {
    functionGetOutputs: async () =>
      create(FunctionGetOutputsResponseSchema, {
        outputs: names.map((value) => ({ result: { dataOneof: { case: "dataBlobId" as const, value } } })),
      }),
  });
  const { outputs } = await rpc.functionGetOutputs({});
  const values = outputs.map(({ result }) => result?.dataOneof.value);
  assert.equal(Buffer.from(values[0] as Uint8Array).toString(), "a value");
  assert.deepEqual(values.slice(1), names.slice(1));
});
