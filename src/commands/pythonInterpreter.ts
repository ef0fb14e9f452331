import { dirname } from "node:path";
import * as vscode from "vscode";
import { readSetting } from "../settings/readSetting.ts";
import { resolveInterpreter } from "../targets/interpreter.ts";
import { requireTrust } from "./workspaceTrust.ts";

const PYTHON_EXTENSION = "ms-python.python";

/**
 * The Python for a file: the setting, then what the Python extension has selected, then what a terminal in that folder
 * would use.
 *
 * @throws InterpreterError there is none that can be used
 * @throws UntrustedWorkspaceError whatever needs an interpreter runs code of the workspace, and its `.venv` may be anybody's
 */
export async function pythonFor(file: vscode.Uri): Promise<string> {
  requireTrust();
  const explicit = fromSetting(file) ?? (await fromPythonExtension(file));
  const interpreter = await resolveInterpreter({ explicit, folder: dirname(file.fsPath) });
  return interpreter.path;
}

function fromSetting(file: vscode.Uri) {
  const command = readSetting("spawnpoint.pythonPath", file);
  return command ? { command, source: "the setting spawnpoint.pythonPath" } : undefined;
}

async function fromPythonExtension(file: vscode.Uri) {
  if (!vscode.extensions.getExtension(PYTHON_EXTENSION)) return undefined;
  const { PythonExtension } = await import("@vscode/python-extension");
  const { environments } = await PythonExtension.api();
  const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(file));
  const command = environment?.executable.uri?.fsPath;
  return command ? { command, source: "the Python extension" } : undefined;
}
