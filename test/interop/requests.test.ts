import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ModalClient as SdkClient } from "modal";
import { rootFolder } from "../../scripts/project.ts";
import { ModalClient } from "../../src/client/index.ts";
import { ModalClient as ModalService } from "../../src/proto/gen/modal_pb.js";
import { RecordingServer } from "./recordingServer.ts";
import { blobCases } from "./requestCases/blobs.ts";
import { callCases, mapCases } from "./requestCases/calls.ts";
import { classCases } from "./requestCases/classes.ts";
import { functionCallCases } from "./requestCases/functionCalls.ts";
import { functionCases } from "./requestCases/functions.ts";
import { inputPlaneCases } from "./requestCases/inputPlane.ts";
import { logCases } from "./requestCases/logs.ts";
import { recentCallCases } from "./requestCases/recentCalls.ts";
import { ENVIRONMENT, type RequestCase } from "./requestCases/requestCase.ts";
import { workspaceCases } from "./requestCases/workspace.ts";
import { sdkMethods } from "./sdkMessages.ts";
import { assertSdkReads } from "./sdkReading.ts";
import { Storage } from "./storage.ts";

/** What our client sends, read by Modal's JavaScript SDK; and what that SDK writes, read by our client. Over a real socket. */

const methods = await sdkMethods();
const shownRpcs = new Set<string>();

/** A JWT that does not say when it expires. */
const TOKEN = "e30.e30.signed";

const requestCases: readonly RequestCase[] = [
  ...callCases,
  ...mapCases,
  ...inputPlaneCases,
  ...blobCases,
  ...classCases,
  ...functionCallCases,
  ...functionCases,
  ...workspaceCases,
  ...recentCallCases,
  ...logCases,
];

for (const requestCase of requestCases) {
  test(`${requestCase.does}: the SDK reads what we meant, and we read what it answers`, async () => {
    await using server = new RecordingServer(methods.values());
    await server.listen();
    await using storage = new Storage();
    await storage.listen();
    assert.deepEqual(await result(server, requestCase, storage.url), requestCase.returns);
    const [first, ...others] = server.requests.map(({ method, bytes }) => [method, fieldsBySdk(method, bytes)]);
    assert.deepEqual(first, ["AuthTokenGet", {}]);
    const inOrder = requestCase.sendsAtOnce ? byMethod : asSent;
    assert.deepEqual(inOrder(others), inOrder(requestCase.sends));
    for (const { method } of server.requests) shownRpcs.add(method);
  });
}

/** What else is called on something named `rpc`: the connection to another plane, and the local engine's own service. */
const NOT_RPCS_OF_MODAL = ["inputPlane", "getFunctionSource"];

test("every RPC that stands in the client's sources is shown above", async () => {
  const folder = join(rootFolder, "src", "client");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const methodOf = ModalService.method as Readonly<Record<string, { readonly name: string } | undefined>>;
  const used = sources.flatMap((source) => [...source.matchAll(/\brpc\.(\w+)\(/g)]).map(([, name]) => name ?? "");
  const names = [...new Set(used)].filter((name) => !NOT_RPCS_OF_MODAL.includes(name));
  assert.ok(names.length > 10);
  assert.deepEqual(
    names.map((name) => methodOf[name]?.name ?? name).filter((name) => !shownRpcs.has(name)),
    [],
  );
});

test("requests carry the metadata that the SDK's carry, with our own name and its values", async () => {
  const [ours, theirs] = [await metadataOf(callByOurs), await metadataOf(callBySdk)];
  assert.deepEqual([...ours.keys()], [...theirs.keys()]);
  for (const [method, metadata] of ours) {
    assert.deepEqual(withoutOwn(metadata), withoutOwn(theirs.get(method) ?? {}), method);
    assert.match(metadata["x-modal-libmodal-version"] ?? "", /^spawnpoint\//);
    assert.equal(metadata["x-modal-auth-token"], method === "AuthTokenGet" ? undefined : TOKEN, method);
  }
});

function asSent<T>(requests: readonly T[]): readonly T[] {
  return requests;
}

/** Requests that are under way at once overtake each other; those of one method keep their order. */
function byMethod<T extends readonly unknown[]>(requests: readonly T[]): readonly T[] {
  return requests.toSorted(([one], [other]) => String(one).localeCompare(String(other)));
}

/** Runs the case's code with a client of the server. */
async function result(server: RecordingServer, { answers, act }: RequestCase, storageUrl = "") {
  const { url } = server;
  const given = typeof answers === "function" ? answers({ url, storageUrl }) : answers;
  server.answers = { AuthTokenGet: { token: TOKEN }, ...given };
  const modal = new ModalClient({
    url: server.url,
    tokenId: "ak-1",
    tokenSecret: "as-2",
    environmentName: ENVIRONMENT,
  });
  try {
    return await act(modal);
  } finally {
    modal.close();
  }
}

function fieldsBySdk(method: string, bytes: Uint8Array): Record<string, unknown> {
  const codec = methods.get(method)?.requestType;
  const type = ModalService.methods.find(({ name }) => name === method)?.input;
  assert.ok(codec && type, method);
  assertSdkReads(type, bytes, codec);
  const fields = JSON.parse(JSON.stringify(codec.toJSON(codec.decode(bytes)))) as Record<string, unknown>;
  if ("requestedAt" in fields) {
    const { requestedAt, ...others } = fields;
    assert.ok(Math.abs(Number(requestedAt) - Date.now() / 1_000) < 60, "requestedAt is in unix seconds");
    return others;
  }
  return fields;
}

/** The last request's metadata, by RPC. */
async function metadataOf(call: (server: RecordingServer) => Promise<void>) {
  await using server = new RecordingServer(methods.values());
  await server.listen();
  await call(server);
  return new Map(
    server.requests
      .map(({ method, metadata }) => [method, metadata.getMap() as Record<string, string>] as const)
      .toSorted(([one], [other]) => one.localeCompare(other)),
  );
}

const remoteCase = requestCases.find(({ does }) => does === "remote");

async function callByOurs(server: RecordingServer): Promise<void> {
  assert.ok(remoteCase);
  await result(server, remoteCase);
}

async function callBySdk(server: RecordingServer): Promise<void> {
  server.answers = { AuthTokenGet: { token: TOKEN }, ...remoteCase?.answers };
  process.env.MODAL_SERVER_URL = server.url;
  const modal = new SdkClient({ tokenId: "ak-1", tokenSecret: "as-2" });
  await (await modal.functions.fromName("my-app", "square")).remote([7]);
  modal.close();
}

/** Whose library it is, and what is another in every request. */
function withoutOwn(metadata: Readonly<Record<string, string>>) {
  const own = ["user-agent", "x-modal-libmodal-version", "x-idempotency-key"];
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !own.includes(name)));
}
