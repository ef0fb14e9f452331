// Builds every entry of the product into dist/. `--watch` rebuilds on change, `--minify` for the package.
import { cp, rm, writeFile } from "node:fs/promises";
import { context } from "esbuild";

const watch = process.argv.includes("--watch");
const minify = process.argv.includes("--minify");

/** @type {import("esbuild").BuildOptions} */
const shared = { bundle: true, minify, sourcemap: !minify, logLevel: "info", outdir: "dist", target: "es2023" };

// Only the extension may see `vscode`: a stray import anywhere else breaks the build here.
/** @type {import("esbuild").BuildOptions} */
const node = { ...shared, platform: "node", format: "cjs", outExtension: { ".js": ".cjs" }, target: "node22" };

// A crash prints the line it came from, which must not be all of the program.
/** @type {import("esbuild").BuildOptions} */
const readable = { ...node, minify: false };

/** @type {import("esbuild").BuildOptions[]} */
const entries = [
  { ...node, entryPoints: { extension: "src/extension.ts" }, external: ["vscode"] },
  { ...readable, entryPoints: { engine: "src/engine/main.ts" } },
  { ...readable, entryPoints: { cli: "src/cli/main.ts" }, banner: { js: "#!/usr/bin/env node" } },
  { ...readable, entryPoints: { client: "src/client/index.ts" } },
  {
    ...shared,
    platform: "browser",
    format: "iife",
    entryPoints: { webview: "src/webview/main.tsx" },
    loader: { ".ttf": "file" },
  },
];

await rm("dist", { recursive: true, force: true });
await cp("src/python", "dist/python", { recursive: true, filter: (path) => !path.includes("__pycache__") });
// esbuild keeps the mode of a file that is there; the command line must be executable for `npx spawnpoint`.
await writeFile("dist/cli.cjs", "", { mode: 0o755 });
const contexts = await Promise.all(entries.map((entry) => context(entry)));
await Promise.all(contexts.map((entry) => (watch ? entry.watch() : entry.rebuild())));
if (!watch) await Promise.all(contexts.map((entry) => entry.dispose()));
