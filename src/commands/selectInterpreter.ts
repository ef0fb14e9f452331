import * as vscode from "vscode";
import { readSetting } from "../settings/readSetting.ts";

/** *Select Interpreter*: leads to where the interpreter is chosen: to the Python extension, or to our setting where that decides. */
export async function selectInterpreter(): Promise<void> {
  const file = vscode.window.activeTextEditor?.document.uri;
  const bySetting = readSetting("spawnpoint.pythonPath", file) !== "";
  if (!bySetting && vscode.extensions.getExtension("ms-python.python")) {
    await vscode.commands.executeCommand("python.setInterpreter");
    return;
  }
  await vscode.commands.executeCommand(settingsCommand(), { query: "spawnpoint.pythonPath" });
}

/** Where the setting can be changed. VS Code shows one of a machine among the user's settings only in windows of this very machine. */
function settingsCommand(): string {
  if (vscode.workspace.workspaceFolders) return "workbench.action.openWorkspaceSettings";
  return vscode.env.remoteName ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
}
