import assert from "node:assert/strict";
import { test } from "node:test";
import { NotFoundError } from "modal";
import { ObjectCreationType } from "../../src/proto/gen/modal_pb.js";
import { sdkOnEngine } from "./sdkOnEngine.ts";

test("Modal's JavaScript SDK finds and makes volumes and secrets on the engine, and is refused what is not there", async (t) => {
  const { harness, modal } = await sdkOnEngine(
    t,
    'import modal\napp = modal.App("shop")\n@app.function()\ndef f(): pass\n',
  );
  const volume = await modal.volumes.fromName("files", { createIfMissing: true });
  assert.match(volume.volumeId, /^vo-/);
  assert.equal((await modal.volumes.fromName("files")).volumeId, volume.volumeId);
  const ephemeral = await modal.volumes.ephemeral();
  assert.notEqual(ephemeral.volumeId, volume.volumeId);
  ephemeral.closeEphemeral();
  await modal.volumes.delete("files");
  await assert.rejects(modal.volumes.fromName("files"), NotFoundError);
  const objectCreationType = ObjectCreationType.CREATE_FAIL_IF_EXISTS;
  const secret = { deploymentName: "login", envDict: { KEY: "value" }, objectCreationType };
  const { secretId } = await harness.service().secretGetOrCreate(secret);
  assert.equal((await modal.secrets.fromName("login", { requiredKeys: ["KEY"] })).secretId, secretId);
  await assert.rejects(modal.secrets.fromName("none"), NotFoundError);
  const app = await modal.apps.fromName("shop");
  assert.match(app.appId, /^ap-/);
  const image = modal.images.fromRegistry("alpine");
  await assert.rejects(modal.sandboxes.create(app, image), /UNIMPLEMENTED|not/);
});
