import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./childProcess.ts";
import { cacheFolder, rootFolder } from "./project.ts";
import { shippedReadme } from "./shippedReadme.ts";

/** Builds everything into dist/, as it ships. */
export async function build(): Promise<void> {
  await runCommand(process.execPath, ["esbuild.mjs", "--minify"], { cwd: rootFolder });
}

/** Where tests and `npm start` keep the packed extension. */
export const extensionPath = join(cacheFolder, "spawnpoint.vsix");

const SHIPPED_README = "dist/README.md";

/**
 * What would else differ from one machine to the next: vsce gives all files this date, in seconds, and sorts them when there is one.
 * A .zip file has local times.
 */
const SAME_EVERYWHERE = { SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH ?? "1767225600", TZ: "UTC", LC_ALL: "C" };

/**
 * Packs what was built into a .vsix file. The same source gives the same bytes, on whichever day and in whichever folder.
 *
 * @param folder the checkout, or another folder that is built like it
 */
export async function packageExtension(path: string, folder: string = rootFolder): Promise<void> {
  const readme = await readFile(join(folder, "README.md"), "utf8");
  await mkdir(join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, SHIPPED_README), shippedReadme(readme));
  await runCommand(
    "vsce",
    // Everything is bundled, so no packages.
    [...["package", "--no-dependencies", "--allow-missing-repository"], "--readme-path", SHIPPED_README, "--out", path],
    { cwd: folder, env: SAME_EVERYWHERE },
  );
}
