import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Setting, settingTable } from "../../src/settings/table.ts";
import { readManifest } from "../extension/manifest.ts";

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, unknown>> } };
}

const rootFolder = join(import.meta.dirname, "..", "..");
const manifest = readManifest<Manifest>();
const settings = Object.entries<Setting>(settingTable);

test("package.json lists every setting of the table as the table has it", () => {
  const expected = settings.map(([name, { restricted: _, ...setting }]) => [name, setting]);
  const { properties } = manifest.contributes.configuration;
  assert.deepEqual(properties, Object.fromEntries(expected));
  assert.deepEqual(
    Object.keys(properties),
    expected.map(([name]) => name),
  );
});

test("an untrusted workspace does not say what is run, or where it is written", () => {
  const restricted = settings.filter(([, setting]) => setting.restricted).map(([name]) => name);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, restricted);
  for (const [name, { scope }] of settings) {
    if (name.startsWith("spawnpoint.engine.")) assert.equal(scope, "machine", name);
  }
});

test("settings are read through the table only", () => {
  const readers = globSync("src/**/*.{ts,tsx}", { cwd: rootFolder })
    .filter((path) => readFileSync(join(rootFolder, path), "utf8").includes("getConfiguration("))
    .map((path) => path.replaceAll("\\", "/"));
  assert.deepEqual(readers, ["src/settings/readSetting.ts"]);
});
