import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import { openStore, type Store } from "../../src/engine/store/store.ts";
import { definitionOf } from "./poolHarness.ts";

/** A store in memory with one app, `app`, and the functions that are named. */
export function storeWithFunctions(names: readonly string[], options: FunctionOptions = {}) {
  const store = openStore(undefined);
  const app = deployFunctions(store, names, options);
  const functionIds = Object.fromEntries(
    store.apps.functions(app.appId).map(({ name, functionId }) => [name, functionId]),
  );
  return { store, app, functionId: (name: string) => functionIds[name] ?? "" };
}

/** Makes a version of `app` with these functions live. */
export function deployFunctions(store: Store, names: readonly string[], options: FunctionOptions = {}) {
  const definition = { name: "app", functions: names.map((name) => definitionOf(name, options)), not_applied: [] };
  const deployment = { environment: "main", digest: names.join(), python: "python3", definition, deployedAt: 1 };
  return store.database.transaction(() => store.apps.addDeployment(deployment));
}
