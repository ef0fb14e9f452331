import assert from "node:assert/strict";
import { readdir, readFile, readlink } from "node:fs/promises";
import { test } from "node:test";
import type { DescService } from "@bufbuild/protobuf";
import { Engine } from "../../src/proto/gen/engine_pb.js";
import { ModalClient } from "../../src/proto/gen/modal_pb.js";
import { rpcClient } from "../../src/proto/grpc/rpcClient.ts";
import { type RpcError, RpcStatus, rpcErrorFrom } from "../../src/proto/grpc/rpcError.ts";
import { collected, EngineHarness } from "./engineHarness.ts";

const LISTENING = "0A";
/** What containers of Modal's runtime ask for, each at a port of its own (`workers/modal/containerServer.ts`). */
const OF_CONTAINERS = new Set([
  "containerHello",
  "containerHeartbeat",
  "functionGetInputs",
  "functionPutOutputs",
  "functionCallGetDataIn",
  "functionCallPutDataOut",
  "functionGetDynamicConcurrency",
  "taskResult",
  "volumeCommit",
]);

test("who may talk to the engine", async (t) => {
  const harness = await EngineHarness.start(t);
  const channel = harness.channel();
  const { tokenId, tokenSecret } = harness.ready;
  const refusedTokens = {
    none: {},
    "the id alone": { "x-modal-token-id": tokenId },
    "a wrong secret": { "x-modal-token-id": tokenId, "x-modal-token-secret": `${tokenSecret.slice(0, -1)}!` },
    "a longer secret": { "x-modal-token-id": tokenId, "x-modal-token-secret": `${tokenSecret}0` },
    "a wrong id": { "x-modal-token-id": "ak-0", "x-modal-token-secret": tokenSecret },
    "both swapped": { "x-modal-token-id": tokenSecret, "x-modal-token-secret": tokenId },
  };

  for (const [what, tokens] of Object.entries(refusedTokens)) {
    await t.test(`no method of either service answers with ${what}`, async () => {
      for (const service of [ModalClient, Engine]) {
        for (const [name, code] of await codes(service, channel, tokens)) {
          assert.equal(code, RpcStatus.UNAUTHENTICATED, `${service.typeName}/${name}`);
        }
      }
    });
  }

  await t.test("with the token every method answers for itself", async () => {
    for (const [name, code] of await codes(ModalClient, channel, harness.tokens())) {
      assert.notEqual(code, RpcStatus.UNAUTHENTICATED, name);
      assert.equal(code === RpcStatus.UNIMPLEMENTED, OF_CONTAINERS.has(name), name);
    }
  });

  await t.test("a method that the engine lacks says why, and answers nobody", async () => {
    for (const tokens of [{}, harness.tokens()]) {
      const error = await unknownMethod(channel, tokens);
      assert.equal(error.code, RpcStatus.UNIMPLEMENTED);
      assert.equal(
        error.message,
        "The engine runs functions, and no sandboxes (the local engine does not have SandboxCreate).",
      );
    }
  });

  await t.test("every port of the engine is on loopback", async () => {
    await harness.deploy(ENDPOINT);
    const fn = await harness.modal().functions.lookup("web", "page");
    const { webUrl = "" } = await fn.hydrate();
    const ports = [harness.ready.url, webUrl].map((url) => `0100007F:${hexPort(url)}`);
    const listening = await listeningSockets(harness.ready.pid);
    assert.deepEqual(
      listening.filter((address) => !address.startsWith("0100007F:")),
      [],
    );
    for (const port of ports) assert.ok(listening.includes(port), port);
    assert.equal(listening.length, 3, "the engine, its blobs and the endpoint");
  });
});

/** An endpoint that is never asked for: its port is there with its deployment. */
const ENDPOINT = `import modal
app = modal.App("web")

@app.function()
@modal.web_server(8000)
def page():
    pass
`;

function hexPort(url: string): string {
  return Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
}

/** The addresses at which a process listens, as Linux writes them: IPv4 backwards in hexadecimal, and the port. */
async function listeningSockets(pid: number): Promise<string[]> {
  const links = await readdir(`/proc/${pid}/fd`).then((names) =>
    Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => ""))),
  );
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => "")),
  );
  return tables.flatMap((table) =>
    table.split("\n").flatMap((line) => {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      return state === LISTENING && links.includes(`socket:[${inode}]`) ? [local] : [];
    }),
  );
}

/** Calls every method of a service with an empty request; how each ended. */
async function codes(service: DescService, channel: ReturnType<EngineHarness["channel"]>, tokens: object) {
  const client = rpcClient(service, channel, () => ({ ...tokens }));
  const found: [string, RpcStatus][] = [];
  for (const [name, method] of Object.entries(service.method)) {
    const call = client[name] as unknown as (request: object) => Promise<unknown> & AsyncIterable<unknown>;
    const ended = method.methodKind === "unary" ? call({}) : collected(call({}));
    found.push([name, await ended.then(() => RpcStatus.OK).catch((error: RpcError) => error.code)]);
  }
  return found;
}

function unknownMethod(
  channel: ReturnType<EngineHarness["channel"]>,
  tokens: Record<string, string>,
): Promise<RpcError> {
  const service = {
    typeName: "modal.client.ModalClient",
    method: { sandboxCreate: { ...ModalClient.method.clientHello, name: "SandboxCreate" } },
  };
  const client = rpcClient(service as unknown as typeof ModalClient, channel, () => tokens);
  const { sandboxCreate } = client as unknown as { sandboxCreate(request: object): Promise<unknown> };
  return sandboxCreate({}).then(() => assert.fail("It answered."), rpcErrorFrom);
}
