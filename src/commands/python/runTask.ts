import * as vscode from "vscode";
import type { ModalCommand } from "../../targets/modalCommand.ts";

/** Runs a program as a task, in a terminal of its own. Resolves with its exit code; undefined when the task was ended before. */
export async function runTask(
  name: string,
  { command, args, env }: ModalCommand,
  cwd: string,
): Promise<number | undefined> {
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
