import { join } from "node:path";
import { runCommand } from "./childProcess.ts";
import { cacheFolder, rootFolder } from "./project.ts";

/** Builds everything into dist/, as it ships. */
export async function build(): Promise<void> {
  await runCommand(process.execPath, ["esbuild.mjs", "--minify"], { cwd: rootFolder });
}

/** Where tests and `npm start` keep the packed extension. */
export const extensionPath = join(cacheFolder, "spawnpoint.vsix");

/** Packs what was built into a .vsix file. */
export async function packageExtension(path: string): Promise<void> {
  await runCommand(
    "vsce",
    // Everything is bundled, so no packages; pictures stay in the package, so their links stay relative.
    ["package", "--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", path],
    { cwd: rootFolder },
  );
}
