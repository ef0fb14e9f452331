import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles, PackageManager } from "@vscode/vsce";
import packageJson from "../../package.json" with { type: "json" };
import { rootFolder } from "../../scripts/project.ts";
import { shippedReadme } from "../../scripts/shippedReadme.ts";
import { packageExtension } from "../../scripts/vsix.ts";

/** Twice what it was when this was written: what comes in by accident is larger. */
const MOST_BYTES = 12 * 1024 * 1024;

/** What an installed extension runs and shows. */
const SHIPPED: readonly RegExp[] = [
  /^dist\/extension\/[\w-]+\.js$/,
  /^dist\/(engine|cli)\.cjs$/,
  /^dist\/(webview|logs|compare)\.(js|css)$/,
  /^dist\/[\w-]+\.ttf$/,
  /^dist\/(extensionApi\.d\.ts|thirdPartyNotices\.txt)$/,
  /^dist\/python\/(\w+\/)*\w+\.py$/,
  /^media\/[\w-]+\.(png|svg)$/,
  /^media\/samples\/[\w.-]+$/,
  /^media\/walkthrough\/[\w-]+\.(md|svg)$/,
  /^l10n\/bundle\.l10n\.json$/,
  /^package(\.nls)?\.json$/,
  /^(README|CHANGELOG)\.md$|^LICENSE$/,
];

test("the package holds what the extension runs and shows, and no development file", async () => {
  const files = await listFiles({ cwd: rootFolder, packageManager: PackageManager.None });
  const names = files.map((file) => file.replaceAll("\\", "/"));
  assert.deepEqual(
    names.filter((name) => !SHIPPED.some((pattern) => pattern.test(name))),
    [],
  );
  for (const pattern of SHIPPED)
    assert.ok(
      names.some((name) => pattern.test(name)),
      `nothing is like ${pattern}`,
    );
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(rootFolder, file))).size));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
});

test("the icon is as large as galleries show it", async () => {
  const header = (await readFile(join(rootFolder, packageJson.icon))).subarray(0, 24);
  assert.equal(header.toString("latin1", 1, 4), "PNG");
  assert.deepEqual([header.readUInt32BE(16), header.readUInt32BE(20)], [256, 256]);
});

test("its page shows no picture and leads to no file that only the checkout has, and keeps the rest", async () => {
  const readme =
    "Text.\n\n![Map](media/map.jpg)\n\n| A |\n|---|\n| ![A](a.jpg) |\n\n[Uses](#uses), [docs](docs/x.md), [site](https://x.org).\n";
  assert.equal(shippedReadme(readme), "Text.\n\n[Uses](#uses), docs, [site](https://x.org).\n");
  const table = "| A | B |\n|---|---|\n| 1 | 2 |\n";
  assert.equal(shippedReadme(table), table);
  const shipped = shippedReadme(await readFile(join(rootFolder, "README.md"), "utf8"));
  assert.doesNotMatch(shipped, /\]\((?!https:|#)/);
  assert.match(shipped, /^## On the command line$/m);
});

test("a package has the same bytes, whenever and in whichever folder it is made", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-package-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const first = await packed(join(folder, "one"), new Date("2020-02-29T23:59:58Z"));
  const second = await packed(join(folder, "a folder", "further down"), new Date("2026-07-01T12:00:00Z"));
  assert.ok(first.equals(second));
});

/** Packs an extension of a few files that all were written at that time. */
async function packed(folder: string, writtenAt: Date): Promise<Buffer> {
  await mkdir(folder, { recursive: true });
  const { name, version, publisher, engines } = packageJson;
  const texts = {
    "package.json": JSON.stringify({ name, version, publisher, engines }),
    "README.md": "# An extension\n",
    ".vscodeignore": "README.md\n",
    "b.json": "{}",
    "a.json": "{}",
  };
  for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, file), text);
  await cp(join(rootFolder, "LICENSE"), join(folder, "LICENSE"));
  for (const file of [...Object.keys(texts), "LICENSE"]) await utimes(join(folder, file), writtenAt, writtenAt);
  const path = `${folder}.vsix`;
  await packageExtension(path, folder);
  return readFile(path);
}
