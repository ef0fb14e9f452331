import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ModalPackages } from "../../src/engine/deploy/modalPackages.ts";

const folders = { scripts: fileURLToPath(new URL("../../src/python", import.meta.url)), data: undefined };

/** A folder that Python looks for packages in, with files. */
async function packagesFolder(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-packages-"));
  t.after(() => rm(folder, { recursive: true }));
  process.env.PYTHONPATH = folder;
  await write(folder, files);
  return folder;
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const MODAL = { "modal/__init__.py": "raise ImportError", "modal/_container_entrypoint.py": "" };
const metadata = (version: string) => ({
  [`modal-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: modal\nVersion: ${version}\n`,
});

test("an installed package is found with its version, and not imported", async (t) => {
  await packagesFolder(t, { ...MODAL, ...metadata("1.5.4") });
  assert.deepEqual(await new ModalPackages(folders).of("python3"), { version: "1.5.4" });
});

test("a checkout on the path says its version itself", async (t) => {
  await packagesFolder(t, { ...MODAL, "modal_version/__init__.py": '"""Says it."""\n\n__version__ = "1.6.0.dev3"\n' });
  assert.deepEqual(await new ModalPackages(folders).of("python3"), { version: "1.6.0.dev3" });
});

test("neither nothing nor another module of that name is the package", async (t) => {
  await packagesFolder(t, { "modal/__init__.py": "", ...metadata("1.5.4") });
  assert.equal(await new ModalPackages(folders).of("python3"), undefined);
  await packagesFolder(t, { "modal.py": "" });
  assert.equal(await new ModalPackages(folders).of("python3"), undefined);
  assert.equal(await new ModalPackages(folders).of(join(tmpdir(), "no-such-python")), undefined);
});

test("an interpreter is asked again when something was installed", async (t) => {
  const folder = await packagesFolder(t, { "modal.py": "" });
  const packages = new ModalPackages(folders);
  assert.equal(await packages.of("python3"), undefined);
  await write(folder, { ...MODAL, ...metadata("1.5.4") });
  await utimes(folder, 1, 1); // Another time than before, however coarse the file system's clock is.
  assert.deepEqual(await packages.of("python3"), { version: "1.5.4" });
});
