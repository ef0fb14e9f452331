import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const skip = process.platform === "win32";

function source(folder: string): string {
  const [free, taken] = [JSON.stringify(join(folder, "free")), JSON.stringify(join(folder, "taken"))];
  return `import io, os
import modal

app = modal.App("shop")
files = modal.Volume.from_name("files", create_if_missing=True)

@app.function(volumes={${free}: files})
def write(text):
    with open(${free} + "/a.txt", "w") as file:
        file.write(text)
    files.commit()
    return [entry.path for entry in files.listdir("/")]

@app.function(volumes={${taken}: files, ${free}: files.with_mount_options(sub_path="inner")})
def read():
    folder = next(value for name, value in os.environ.items() if name.startswith("SPAWNPOINT_VOLUME_") and name.endswith("TAKEN"))
    with open(folder + "/a.txt") as file:
        return file.read(), os.listdir(${taken}), os.listdir(${free})

@app.function()
async def upload(name):
    other = modal.Volume.from_name("other", create_if_missing=True)
    async with await other.batch_upload.aio() as batch:
        batch.put_file(io.BytesIO(b"up"), "/in/" + name)
    return [entry.path async for entry in other.iterdir.aio("/")]
`;
}

test("functions find volumes at their paths where these are free, and otherwise in a variable", { skip }, async (t) => {
  const harness = await EngineHarness.start(t);
  const free = join(harness.folder, "free");
  await mkdir(join(harness.folder, "taken"));
  const { apps } = await harness.deploy(source(harness.folder));
  const notApplied = apps[0]?.notApplied.map(({ functionName: name, option, reason }) => [name, option, reason]);
  assert.equal(notApplied?.length, 1, JSON.stringify(notApplied));
  assert.match(String(notApplied?.[0]), /^read,volumes,On this computer the volume cannot be at .*taken/);
  const call = (name: string, ...args: unknown[]) => harness.modal().functions.fromName("shop", name).remote(args);
  const service = harness.service();
  const { volumeId } = await service.volumeGetOrCreate({ deploymentName: "files" });

  await t.test("one writes, and whoever has the volume reads", async () => {
    assert.deepEqual(await call("write", "hello"), ["a.txt", "inner"]);
    const { getUrls } = await service.volumeGetFile2({ volumeId, path: "a.txt" });
    assert.equal(await (await fetch(getUrls[0] ?? "")).text(), "hello");
  });

  await t.test("code uses volumes that are not mounted", async () => {
    assert.deepEqual(await call("upload", "x.bin"), ["in", "in/x.bin"]);
    const other = (await service.volumeGetOrCreate({ deploymentName: "other" })).volumeId;
    assert.equal(await readFile(join(harness.dataFolder, "volumes", other, "in", "x.bin"), "utf8"), "up");
  });

  await t.test("a path has one volume, or folder of it, at a time, and is free again afterwards", async () => {
    assert.ok(existsSync(free));
    await assert.rejects(call("read"), /Another volume stands at .*free while containers use it/);
    const { appId } = (await service.appList({})).apps.find(({ name }) => name === "shop") ?? {};
    await service.appStop({ appId: appId ?? "" });
    await until("the path is free", () => !existsSync(free));
    await harness.deploy(source(harness.folder));
    assert.deepEqual(await call("read"), ["hello", [], []]);
  });

  await t.test("an engine that is killed leaves no link behind for long", async () => {
    assert.ok(existsSync(free));
    await harness.end("SIGKILL");
    await harness.restart();
    assert.ok(!existsSync(free));
  });

  await t.test("a volume that nobody makes is said at deploy", async () => {
    const deployed = harness.deploy(
      `import modal\napp = modal.App("a")\n@app.function(volumes={"/x": modal.Volume.from_name("none")})\ndef f(): pass\n`,
      "missing.py",
    );
    await assert.rejects(
      deployed,
      (error) => error instanceof RpcError && /no volume none.*create_if_missing/.test(error.message),
    );
  });
});
