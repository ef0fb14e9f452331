import assert from "node:assert/strict";
import { test } from "node:test";
import { openStore, type Store } from "../../src/engine/store/store.ts";
import { storeWithFunctions } from "./storeHarness.ts";

function deploy(store: Store, name: string, digest: string, rollbackOf?: number) {
  const definition = { name, functions: [], not_applied: [] };
  const version = { environment: "main", digest, python: "python3", definition, deployedAt: 1 };
  return store.database.transaction(() =>
    store.apps.addDeployment({ ...version, ...(rollbackOf !== undefined && { rollbackOf }) }),
  );
}

test("kept are the snapshots of a deployed app's last versions, and of a stopped one only the last", async () => {
  const store = openStore(undefined);
  for (const digest of ["a1", "a2", "a3", "a4"]) deploy(store, "alive", digest);
  for (const digest of ["s1", "s2"]) deploy(store, "stopped", digest);
  await store.apps.stop(store.apps.deployed("main", "stopped")?.appId ?? "", 2);
  assert.deepEqual([...store.apps.keptDigests(3)].sort(), ["a2", "a3", "a4", "s2"]);
});

test("an old version tells what it was made of; one that put it back is named in the history", () => {
  const store = openStore(undefined);
  deploy(store, "app", "one");
  deploy(store, "app", "two");
  const { appId, version, digest } = deploy(store, "app", "one", 1);
  assert.deepEqual([version, digest], [3, "one"]);
  assert.equal(store.apps.deployment(appId, 2)?.digest, "two");
  assert.equal(store.apps.deployment(appId, 4), undefined);
  assert.deepEqual(
    store.apps.history(appId).map(({ version: number, digest: name, rollbackOf }) => [number, name, rollbackOf]),
    [
      [3, "one", 1],
      [2, "two", undefined],
      [1, "one", undefined],
    ],
  );
});

test("bound functions of stopped apps go when no call names them; others stay", async () => {
  const { store, app, functionId } = storeWithFunctions(["f"]);
  const base = store.apps.function(functionId("f"));
  assert.ok(base);
  const bind = (max_containers: number) =>
    store.database.transaction(() =>
      store.apps.bind(base, {
        baseId: base.functionId,
        parameters: [],
        pickled: new Uint8Array(),
        options: { max_containers },
      }),
    );
  const [called, ...unused] = [1, 2, 3].map(bind);
  assert.ok(called);
  const number = store.database.transaction(() =>
    store.calls.insertCall({
      functionCallId: "fc-1",
      functionId: called,
      callType: 1,
      invocationType: 1,
      parentInput: undefined,
      retriedByClient: false,
      createdAt: 1,
      closed: false,
    }),
  );
  assert.ok(number);
  const forget = (limit: number) => store.database.transaction(() => store.apps.deleteUnusedBindings(limit));
  assert.equal(forget(10), 0, "its app is deployed");
  await store.apps.stop(app.appId, 2);
  assert.deepEqual([forget(1), forget(10), forget(10)], [1, 1, 0]);
  const left = () => store.apps.everyFunction(app.appId).map((record) => record.functionId);
  assert.deepEqual(left(), [base.functionId, called]);
  for (const id of unused) assert.equal(store.apps.function(id), undefined);
  store.database.transaction(() => store.forgotten.add(number));
  assert.equal(forget(10), 1);
  assert.deepEqual(left(), [base.functionId]);
});
