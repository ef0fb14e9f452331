import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { openStore } from "../../src/engine/store/store.ts";
import { FunctionSchema$ } from "../../src/proto/gen/modal_pb.js";

/** A field that no version of the message has. */
const FIELD_OF_A_NEWER_CLIENT = new Uint8Array([0xfa, 0x3f, 0x02, 0x68, 0x69]);

function storeWithFunction() {
  const store = openStore(undefined);
  const app = store.database.transaction(() =>
    store.apps.addDeployment({
      ...{ environment: "main", digest: "d", python: "python3", deployedAt: 1 },
      definition: { name: "shop", functions: [], not_applied: [] },
    }),
  );
  const functionId = store.database.transaction(() => store.apps.addFunction(app.appId, "price"));
  return { store, app, functionId };
}

test("a definition keeps what this engine does not know of it", (t) => {
  const { store, functionId } = storeWithFunction();
  t.after(() => store.database.close());
  const known = toBinary(FunctionSchema$, create(FunctionSchema$, { moduleName: "shop", functionName: "price" }));
  const sent = new Uint8Array([...known, ...FIELD_OF_A_NEWER_CLIENT]);
  const id = store.database.transaction(() => store.definitions.add(functionId, fromBinary(FunctionSchema$, sent), 1));
  assert.match(id, /^de-[0-9a-z]{22}$/);
  const kept = store.definitions.get(id);
  assert.equal(kept?.functionId, functionId);
  assert.deepEqual(kept && toBinary(FunctionSchema$, kept.message), sent);
});

test("the same definition of the same function has the same id, and another one another", (t) => {
  const { store, app, functionId } = storeWithFunction();
  t.after(() => store.database.close());
  const other = store.database.transaction(() => store.apps.addFunction(app.appId, "total"));
  const message = create(FunctionSchema$, { moduleName: "shop", functionName: "price" });
  const changed = create(FunctionSchema$, { moduleName: "shop", functionName: "price", timeoutSecs: 9 });
  const [first, again, ofAnother, later] = store.database.transaction(() => [
    store.definitions.add(functionId, message, 1),
    store.definitions.add(functionId, message, 1),
    store.definitions.add(other, message, 1),
    store.definitions.add(functionId, changed, 2),
  ]);
  assert.equal(again, first);
  assert.equal(new Set([first, ofAnother, later]).size, 3);
  assert.equal(store.definitions.get("de-none"), undefined);
});

test("a function keeps its id by its name", (t) => {
  const { store, app, functionId } = storeWithFunction();
  t.after(() => store.database.close());
  assert.match(functionId, /^fu-\w{22}$/);
  assert.equal(
    store.database.transaction(() => store.apps.addFunction(app.appId, "price")),
    functionId,
  );
});
