// Runs a script of this project on a machine that has nothing but Node 18 or newer and npm: `node scripts/bootstrap.mjs
// SCRIPT [ARGUMENT…]`. Installs the packages when package-lock.json asks for others than those that are there, then
// hands over to the Node 24 among them, which runs TypeScript as it is.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const isWindows = process.platform === "win32";

if (!isInstalled()) install();
handOver(process.argv.slice(2));

/** Whether node_modules holds what package-lock.json names. npm writes the list of what it installed there, last. */
function isInstalled() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules/.package-lock.json");
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return {}; // Not there, or cut off while it was written: install.
  }
}

function install() {
  console.log("Installing packages (npm install)");
  // The versions of package-lock.json, which is not written to. `npm ci` would insist on an entry for every platform's
  // binaries, which a lock file that was written behind a company's registry may not have.
  const options = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm tells its scripts where it is, and which Node it runs on: not the one in node_modules, which may be replaced.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const result = npm
    ? spawnSync(node ?? process.execPath, [npm, ...options], { cwd: root, stdio: "inherit" })
    : spawnSync("npm", options, { cwd: root, stdio: "inherit", shell: isWindows });
  if (result.status === 0) return;
  console.error("The packages could not be installed; see npm's message above.");
  process.exit(1);
}

/** @param {string[]} args script and arguments */
function handOver(args) {
  const node = join(root, "node_modules", "node", "bin", isWindows ? "node.exe" : "node");
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(node, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH: path } });
  // A terminal sends Ctrl-C to the child as well, which cleans up and ends; this process only waits for it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`${node} could not be started (${error.message}); delete node_modules and try again.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === "SIGINT" ? 130 : (code ?? 1)));
}
