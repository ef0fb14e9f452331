import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand, tryCommand } from "./childProcess.ts";
import { cacheFolder } from "./project.ts";
import { step } from "./step.ts";

/** code-server is VS Code in the browser, from the npm registry. This version is VS Code 1.139. */
const version = "4.139.1";
const folder = join(cacheFolder, `code-server-${version}`);
const packageFolder = join(folder, "node_modules", "code-server");
const stamp = join(folder, "installed");

const quietInstall = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** What Node runs to serve VS Code. */
export const codeServerEntry = join(packageFolder, "out", "node", "entry.js");

/** Installs code-server into the cache folder, once. Its own install script wants more tools, hence the steps here. */
export async function installCodeServer(): Promise<void> {
  if (await exists(stamp)) return;
  await step(`Installing code-server ${version} (once)`, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await runCommand("npm", [...quietInstall, "--prefix", folder, `code-server@${version}`]);
    const vscodeFolder = join(packageFolder, "lib", "vscode");
    await runCommand("npm", [...quietInstall, "--omit=dev"], { cwd: vscodeFolder });
    await buildNativeModules(vscodeFolder);
    await writeFile(stamp, "");
  });
}

/** VS Code's log files, and the end of its processes when the server dies, are C++. It works without them. */
async function buildNativeModules(vscodeFolder: string): Promise<void> {
  const { platform, arch, versions } = process;
  const nodePackage = `node-${platform === "win32" ? "win" : platform}-${arch}`;
  // The headers of the very Node that runs this: nothing is fetched from nodejs.org.
  await runCommand("npm", [...quietInstall, "--prefix", folder, "--no-save", `${nodePackage}@${versions.node}`]);
  const { code } = await tryCommand(
    "npm",
    ["rebuild", "--loglevel=error", "@vscode/spdlog", "@vscode/native-watchdog"],
    { cwd: vscodeFolder, env: { npm_config_nodedir: join(folder, "node_modules", nodePackage) } },
  );
  if (code !== 0) console.log("  Without a C++ compiler: VS Code will not write log files.");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
