import * as vscode from "vscode";

/** *Get Started*: opens the walkthrough, which begins without an account. */
export async function getStarted(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", "spawnpoint.spawnpoint#start", false);
}
