import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import type { FunctionDefinition } from "../../src/engine/deploy/definition.ts";
import { containerTask } from "../../src/engine/service/containerTask.ts";
import type { House } from "../../src/engine/service/house.ts";
import { openStore } from "../../src/engine/store/store.ts";
import type { WorkerLaunch } from "../../src/engine/workers/worker.ts";
import { ContainerArgumentsSchema, FunctionSchema$, VolumeFsVersion } from "../../src/proto/gen/modal_pb.js";

test("a container of Modal's runtime is told the version of a volume, before it uses its files", () => {
  const store = openStore(undefined);
  const message = create(FunctionSchema$, {
    functionName: "f",
    objectDependencies: [{ objectId: "vo-1" }, { objectId: "st-1" }],
  });
  store.database.transaction(() =>
    store.objects.put({
      ...{ objectId: "vo-1", environment: "main", name: "files", createdAt: 1 },
      content: { version: VolumeFsVersion.V2 },
    }),
  );
  const definition = { name: "f", options: {} } as FunctionDefinition;
  const app = { appId: "ap-1", environment: "main", definition: { name: "shop", functions: [], not_applied: [] } };
  const house = {
    store: { ...store, definitions: { get: () => ({ message }) } },
    deployments: { find: () => ({ app, definition, binding: undefined }) },
    mounts: { root: () => "/root" },
  } as unknown as House;
  const task = containerTask(house, { taskId: "ta-1", functionId: "fu-1" } as WorkerLaunch);
  const { appLayout } = fromBinary(ContainerArgumentsSchema, task.arguments);
  const told = appLayout?.objects.map(({ objectId, handleMetadataOneof: { case: kind, value } }) => [
    objectId,
    kind === "volumeMetadata" ? [value.name, value.version] : kind,
  ]);
  assert.deepEqual(told, [
    ["vo-1", ["files", VolumeFsVersion.V2]],
    ["st-1", undefined],
  ]);
});
