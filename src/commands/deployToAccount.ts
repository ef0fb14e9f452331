import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { checkModalPackage, deployCommand, type ModalCommand } from "../targets/modalCommand.ts";
import { TargetError } from "../targets/targetError.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import { TokenAccounts } from "../targets/tokenAccounts.ts";
import { pythonFor } from "./pythonInterpreter.ts";
import type { Services } from "./services.ts";

/**
 * Deploys a file to a Modal account as a task, which shows what Modal's command line says, and waits for its end.
 *
 * @throws TargetError the interpreter lacks Modal's package, or the deployment failed
 */
export async function deployToAccount(
  { secrets, explorer, log }: Services,
  file: vscode.Uri,
  place: TargetPlace,
): Promise<void> {
  const python = await pythonFor(file);
  await checkModalPackage(python);
  const token = await new TokenAccounts(secrets).token(place.targetId.slice("token:".length));
  const name = `Deploy ${basename(file.fsPath)}`;
  const exitCode = await runTask(name, deployCommand(python, file.fsPath, place, token), dirname(file.fsPath));
  if (exitCode === undefined) throw new vscode.CancellationError();
  if (exitCode !== 0) {
    throw new TargetError(`"modal deploy" failed with exit code ${exitCode}; its terminal says why.`);
  }
  log.info(`Deployed ${file.fsPath} to ${place.targetId}.`);
  explorer.refresh();
}

/** Resolves with the exit code; undefined when the task was ended before. */
async function runTask(name: string, { command, args, env }: ModalCommand, cwd: string): Promise<number | undefined> {
  const process = new vscode.ProcessExecution(command, [...args], { env: { ...env }, cwd });
  const task = new vscode.Task({ type: "spawnpoint" }, vscode.TaskScope.Workspace, name, "Spawnpoint", process, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  const ended = new Promise<number | undefined>((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.name !== name || event.execution.task.source !== "Spawnpoint") return;
      listener.dispose();
      resolve(event.exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}
