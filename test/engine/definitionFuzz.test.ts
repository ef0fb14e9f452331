import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  AppState,
  AutoscalerSettingsSchema,
  Function_DefinitionType as DefinitionType,
  type Function as FunctionMessage,
  FunctionSchema$ as FunctionSchema,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { sampleMessages } from "../interop/sampleMessage.ts";
import { describeFile } from "../python/workerHarness.ts";
import { EngineHarness } from "./engineHarness.ts";
import { upload } from "./uploadedApp.ts";

const SOURCE = `import modal

app = modal.App("described")

@app.function(retries=modal.Retries(max_retries=1), timeout=60, max_containers=1)
def square(x: int, *rest: str, by=2):
    return x * x

@app.function()
@modal.fastapi_endpoint(label="shown")
def shown():
    yield "shown"

@app.function()
@modal.batched(max_batch_size=2, wait_ms=10)
def both(xs: list[int]):
    return xs

@app.cls()
class Greeter:
    name: str = modal.parameter(default="you")

    @modal.method()
    def greet(self, times: int = 1):
        return self.name * times
`;

/** What a definition must not ask for here: so many containers start at once. */
const COUNTS_OF_PROCESSES = ["min_containers", "buffer_containers"];

/** A failure that a user can do something about: one sentence of the engine's, not the words of a program. Names in it may be anything. */
function assertRefusal(error: unknown): void {
  assert.ok(error instanceof RpcError, error as Error);
  assert.notEqual(error.codeName, "INTERNAL", error.message);
  assert.match(error.message, /^.+[.?]$/s);
}

/** Every request that looks at definitions, for an app that is live. */
async function lookedAt(harness: EngineHarness, appId: string): Promise<void> {
  const service = harness.service();
  const { functions } = await harness.engine().getApp({ appId });
  for (const { functionId, name } of functions) {
    const requests = [
      service.functionGetCurrentStats({ functionId }),
      service.functionGet({ appName: "described", objectTag: name }),
      service.functionBindParams({ functionId, serializedParams: new Uint8Array() }),
    ];
    for (const result of await Promise.allSettled(requests))
      if (result.status === "rejected") assertRefusal(result.reason);
  }
  await service.appGetLayout({ appId }).catch(assertRefusal);
}

/** Puts something in the place of a value. */
type Change = (value: unknown) => unknown;

/** Of the same type, so that it may pass. */
const fitting = fc
  .record({
    number: fc.oneof(fc.nat(3), fc.nat(), fc.double({ min: 0, max: 2 ** 33, noNaN: true })),
    string: fc.oneof(fc.constantFrom("__proto__", "../x", "Class.*", "int"), fc.string({ unit: "binary" })),
    boolean: fc.boolean(),
  })
  .map(
    (values): Change =>
      (value) =>
        values[typeof value as keyof typeof values] ?? value,
  );
const any = fc.oneof(fc.constantFrom(null, true, -1, 0, 0.5, "", [], {}), fc.jsonValue({ maxDepth: 2 })).map(
  (value): Change =>
    () =>
      value,
);
/** What is changed: members by their numbers, of all that a value has at any depth. */
const changes = fc
  .oneof(fitting, any)
  .chain((change) => fc.array(fc.tuple(fc.nat(), fc.constant(change)), { minLength: 1, maxLength: 3 }));

function withChanges(value: unknown, made: readonly (readonly [number, Change])[]): unknown {
  const changed = structuredClone(value);
  const members = membersOf(changed);
  for (const [at, change] of made) {
    const [holder, key] = members[at % members.length] ?? [{}, ""];
    const replacement = change(holder[key]);
    const isTooMany = COUNTS_OF_PROCESSES.includes(key) && typeof replacement === "number";
    holder[key] = isTooMany ? 1 : replacement;
  }
  return changed;
}

function membersOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [[holder, key], ...membersOf(holder[key])]);
}

test("whatever describes a file is deployed, or refused in one sentence", FUZZ_LIMIT, async (t) => {
  const harness = await EngineHarness.start(t);
  const path = await harness.write("app.py", SOURCE);
  const whole = await describeFile(path);
  assert.ok(whole.ok, String(whole.message));
  // In the place of an interpreter: it says what it finds in a file beside it.
  const folder = join(harness.folder, "interpreter");
  await mkdir(folder);
  const python = join(folder, "python");
  await writeFile(python, '#!/bin/sh\ncat "$(dirname "$0")/description" >&3\n');
  await chmod(python, 0o700);
  const text = JSON.stringify(whole);
  const description = fc.oneof(
    { weight: 6, arbitrary: changes.map((made) => JSON.stringify(withChanges(whole, made))) },
    { weight: 1, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
  let deployed = 0;
  await fc.assert(
    fc.asyncProperty(description, async (said) => {
      await writeFile(join(folder, "description"), said);
      const response = await harness.engine().deploy({ path, python }).catch(assertRefusal);
      for (const { appId } of response?.apps ?? []) await lookedAt(harness, appId);
      deployed += response ? 1 : 0;
      assert.equal((await harness.engine().getStatus({})).pid, harness.ready.pid);
    }),
    fuzzed(40),
  );
  assert.ok(deployed > 0);
  await harness.end("SIGTERM");
  await harness.restart();
  await harness.deploy(SOURCE);
  assert.equal(await harness.modal().functions.fromName("described", "square").remote([3]), 9);
});

/** Functions as no client of Modal's defines them: every field set, then some bytes changed. */
const message = fc
  .tuple(
    fc.constantFrom(
      ...sampleMessages(FunctionSchema).map((sample) => toBinary(FunctionSchema, sample as FunctionMessage)),
    ),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
  )
  .map(([bytes, made]): FunctionMessage => {
    const changed = Uint8Array.from(bytes);
    for (const [at, byte] of made) changed[at % changed.length] = byte;
    try {
      return fromBinary(FunctionSchema, changed);
    } catch {
      return fromBinary(FunctionSchema, bytes); // What is no message at all, gRPC itself refuses.
    }
  });

test("whatever function a client defines is published, or refused in one sentence", FUZZ_LIMIT, async (t) => {
  const harness = await EngineHarness.start(t);
  const service = harness.service();
  const { appId } = await service.appCreate({ description: "defined", appState: AppState.INITIALIZING });
  const mountId = await upload(service, appId, { "/root/app.py": SOURCE });
  const objects = { mountIds: [mountId], secretIds: [], volumeMounts: [], imageId: "" };
  const known = { moduleName: "app", definitionType: DefinitionType.FILE, ...objects };
  const named = fc.constantFrom(
    { isClass: false, functionName: "square", implementationName: "" },
    { isClass: true, functionName: "Greeter.*", implementationName: "Greeter" },
    {},
  );
  let published = 0;
  await fc.assert(
    fc.asyncProperty(message, named, fc.boolean(), async (random, name, isKnown) => {
      // What has a module and a mount that are there, and no cluster, comes further.
      const few = {
        warmPoolSize: 0,
        ExperimentalGroupSize: 0,
        autoscalerSettings: create(AutoscalerSettingsSchema, { maxContainers: 1 }),
      };
      const defined = { ...random, ...name, ...(isKnown && known), ...few };
      const created = await service.functionCreate({ appId, function: defined }).catch(assertRefusal);
      if (created) {
        const { functionId, handleMetadata } = created;
        const functionIds = { [defined.functionName]: functionId };
        const definitionIds = { [functionId]: handleMetadata?.definitionId ?? "" };
        const request = { appId, name: "described", appState: AppState.DEPLOYED, functionIds, definitionIds };
        const response = await service.appPublish(request).catch(assertRefusal);
        if (response) await lookedAt(harness, appId);
        published += response ? 1 : 0;
      }
      assert.equal((await harness.engine().getStatus({})).pid, harness.ready.pid);
    }),
    fuzzed(12),
  );
  assert.ok(published > 0);
  await harness.end("SIGTERM");
  await harness.restart();
});
