import { access } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../scripts/childProcess.ts";
import { cacheFolder } from "../../scripts/project.ts";

/** The oldest VS Code that may have the extension, as package.json says it, and the Node in it. */
export const OLDEST = { vscode: "^1.101.0", node: "22.15.1" };

/** Node's own builds that are packages of npm's registry. */
const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];

/** Whether there is such a package for this computer. */
export const isOldestNodeThere = PLATFORMS.includes(`${process.platform}-${process.arch}`);

/** Installs the oldest Node into the cache folder, once, and returns its path. */
export async function installOldestNode(): Promise<string> {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = join(cacheFolder, `node-${OLDEST.node}`);
  const path = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  const isInstalled = await access(path).then(
    () => true,
    () => false,
  );
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!isInstalled) await runCommand("npm", ["install", ...quietly, "--prefix", folder, `${name}@${OLDEST.node}`]);
  return path;
}
