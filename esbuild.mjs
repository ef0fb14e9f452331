// Builds every entry of the product into dist/, or into the folder that `--out` names, which is emptied first. `--watch` rebuilds
// on change; `--minify` is for the extension, which needs no types.
import { cp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { context } from "esbuild";
import { clientEntry, writeClientLibrary } from "./scripts/clientLibrary.ts";
import { thirdPartyNotices } from "./scripts/thirdPartyNotices.ts";

const { values } = parseArgs({
  options: {
    minify: { type: "boolean", default: false },
    out: { type: "string", default: "dist" },
    watch: { type: "boolean", default: false },
  },
});
const { minify, watch } = values;
const folder = resolve(values.out);

/** @type {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  minify,
  sourcemap: !minify,
  logLevel: "info",
  metafile: true,
  outdir: folder,
  target: "es2023",
};

// Only the extension may see `vscode`: a stray import anywhere else breaks the build here.
/** @type {import("esbuild").BuildOptions} */
const node = { ...shared, platform: "node", format: "cjs", outExtension: { ".js": ".cjs" }, target: "node22" };

// A crash prints the line it came from, which must not be all of the program.
/** @type {import("esbuild").BuildOptions} */
const readable = { ...node, minify: false };

/** @type {import("esbuild").BuildOptions[]} */
const entries = [
  {
    ...node,
    format: "esm",
    splitting: true,
    outdir: join(folder, "extension"),
    outExtension: { ".js": ".js" },
    entryPoints: ["src/extension.ts"],
    chunkNames: "[name]-[hash]",
    external: ["vscode"],
    // Packages that are CommonJS look for Node's own modules with `require`, which modules lack.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  },
  { ...readable, entryPoints: { engine: "src/engine/main.ts" } },
  { ...readable, entryPoints: { cli: "src/cli/main.ts" }, banner: { js: "#!/usr/bin/env node" } },
  { ...readable, entryPoints: { client: clientEntry }, target: "node20" },
  {
    ...shared,
    platform: "browser",
    format: "iife",
    entryPoints: {
      webview: "src/webview/main.tsx",
      logs: "src/webview/logPage/main.tsx",
      compare: "src/webview/compare/main.tsx",
    },
    loader: { ".ttf": "file" },
  },
];

await rm(folder, { recursive: true, force: true });
await cp("src/python", join(folder, "python"), { recursive: true, filter: (path) => !path.includes("__pycache__") });
await cp("src/api/extensionApi.ts", join(folder, "extensionApi.d.ts"));
// esbuild keeps the mode of a file that is there; the command line must be executable for `npx spawnpoint`.
await writeFile(join(folder, "cli.cjs"), "", { mode: 0o755 });
const contexts = await Promise.all(entries.map((entry) => context(entry)));
if (watch) await Promise.all(contexts.map((entry) => entry.watch()));
else {
  const builds = await Promise.all(contexts.map((entry) => entry.rebuild()));
  const notices = await thirdPartyNotices(builds.flatMap(({ metafile }) => metafile ?? []));
  await writeFile(join(folder, "thirdPartyNotices.txt"), notices);
  await Promise.all(contexts.map((entry) => entry.dispose()));
}
if (!watch && !minify) await writeClientLibrary(folder);
