import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand, tryCommand } from "../../scripts/childProcess.ts";
import { cacheFolder } from "../../scripts/project.ts";

const VERSION = "1.8.22";
const packages = join(cacheFolder, `debugpy-${VERSION}`);
const extensionFolder = join(cacheFolder, "python-debugger");

const manifest = {
  name: "debugpy",
  publisher: "ms-python",
  version: "0.0.1",
  description: "Stands in the tests for the Python Debugger extension, which is in no registry that they may use.",
  engines: { vscode: "^1.101.0" },
  main: "./extension.js",
  activationEvents: ["onDebugResolve:debugpy"],
  contributes: {
    breakpoints: [{ language: "python" }],
    debuggers: [{ type: "debugpy", label: "Python Debugger", languages: ["python"] }],
  },
};

/** Starts the same adapter as the real extension does, with the interpreter that the configuration names. */
const source = `const vscode = require("vscode");
exports.activate = ({ subscriptions }) => {
  const createDebugAdapterDescriptor = ({ configuration }) =>
    new vscode.DebugAdapterExecutable(configuration.python, ["-m", "debugpy.adapter"], {
      env: { ...process.env, PYTHONPATH: ${JSON.stringify(packages)} },
    });
  subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", { createDebugAdapterDescriptor }));
};
`;

/**
 * A .vsix that debugs Python as the extension `ms-python.debugpy` does: by debugpy, from PyPI, installed once.
 *
 * @returns undefined where pip cannot get debugpy
 */
export async function pythonDebugger(): Promise<string | undefined> {
  if (!(await hasDebugpy())) return undefined;
  await rm(extensionFolder, { recursive: true, force: true });
  await mkdir(extensionFolder, { recursive: true });
  await writeFile(join(extensionFolder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(extensionFolder, "extension.js"), source);
  const vsix = join(cacheFolder, "python-debugger.vsix");
  const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
  await runCommand("vsce", ["package", ...options, "--out", vsix], { cwd: extensionFolder });
  return vsix;
}

async function hasDebugpy(): Promise<boolean> {
  const isThere = await stat(packages).then(
    () => true,
    () => false,
  );
  if (isThere) return true;
  const unfinished = `${packages}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"];
  const { code } = await tryCommand("python3", [...pip, "--target", unfinished, `debugpy==${VERSION}`]);
  if (code === 0) await rename(unfinished, packages);
  return code === 0;
}
