import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { forgetUnusedUploads } from "../../src/engine/deploy/unusedUploads.ts";
import { MountFiles } from "../../src/engine/mounts/mountFiles.ts";
import { openStore } from "../../src/engine/store/store.ts";
import { FunctionSchema$ } from "../../src/proto/gen/modal_pb.js";

const DAY = 24 * 60 * 60;
const LONG_AGO = 1_000;

test("what no version needs is forgotten after a day: definitions, objects without a name, files and their folders", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "spawnpoint-mounts-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = openStore(undefined);
  t.after(() => store.database.close());
  const mounts = new MountFiles(folder);
  const { apps, definitions, objects } = store;

  function uploaded(what: string, createdAt: number) {
    const content = Buffer.from(what);
    const sha256 = createHash("sha256").update(content).digest("hex");
    mounts.add(sha256, content);
    utimesSync(join(folder, "files", sha256), LONG_AGO, LONG_AGO);
    const files = [{ path: "/root/app.py", sha256 }];
    const at = what === "fresh" ? createdAt + 2 * DAY : createdAt;
    objects.put<"mo">({ objectId: `mo-${what}`, environment: "", name: undefined, content: { files }, createdAt: at });
    const appId = apps.add({ environment: "main", name: what, createdAt, run: undefined });
    const functionId = apps.addFunction(appId, "f");
    const message = create(FunctionSchema$, { functionName: "f", mountIds: [`mo-${what}`] });
    const definitionId = definitions.add(functionId, message, at);
    return { what, sha256, definitionId, appId, ...mounts.layOut(files) };
  }

  const made = store.database.transaction(() => ["kept", "old", "fresh"].map((what) => uploaded(what, LONG_AGO)));
  const [kept] = made;
  assert.ok(kept);
  const definition = {
    ...{ name: "kept", not_applied: [], tree: kept.tree },
    functions: [{ name: "f", definition_id: kept.definitionId } as never],
  };
  store.database.transaction(() =>
    apps.addDeployment({
      environment: "main",
      digest: "d",
      python: "python3",
      definition,
      deployedAt: 1,
      appId: kept.appId,
    }),
  );
  forgetUnusedUploads(store, mounts, new Set(["d"]), LONG_AGO + 2 * DAY);
  const left = made.map(({ what, definitionId, sha256, root }) => ({
    what,
    definition: definitions.get(definitionId) !== undefined,
    mount: objects.get("mo", `mo-${what}`) !== undefined,
    file: mounts.has(sha256),
    folder: existsSync(root),
  }));
  assert.deepEqual(left, [
    { what: "kept", definition: true, mount: true, file: true, folder: true },
    { what: "old", definition: false, mount: false, file: false, folder: false },
    // Its folder is made again when it is published.
    { what: "fresh", definition: true, mount: true, file: true, folder: false },
  ]);
});
