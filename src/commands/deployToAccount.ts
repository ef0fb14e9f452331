import { basename, dirname } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { checkModalPackage, deployCommand } from "../targets/modalCommand.ts";
import { TargetError } from "../targets/targetError.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import { TokenAccounts } from "../targets/tokenAccounts.ts";
import { pythonFor } from "./python/pythonInterpreter.ts";
import { runTask } from "./python/runTask.ts";
import type { Services } from "./services.ts";

/**
 * Deploys a file to a Modal account as a task, which shows what Modal's command line says, and waits for its end.
 *
 * @throws TargetError the interpreter lacks Modal's package, or the deployment failed
 */
export async function deployToAccount(services: Services, file: vscode.Uri, place: TargetPlace): Promise<void> {
  const { secrets, explorer, log } = services;
  const python = await pythonFor(services, file);
  await checkModalPackage(python);
  const token = await new TokenAccounts(secrets).token(place.targetId.slice("token:".length));
  const name = l10n.t`Deploy ${basename(file.fsPath)}`;
  const exitCode = await runTask(name, deployCommand(python, file.fsPath, place, token), dirname(file.fsPath));
  if (exitCode === undefined) throw new vscode.CancellationError();
  if (exitCode !== 0) {
    throw new TargetError(l10n.t`"modal deploy" failed with exit code ${exitCode}; its terminal says why.`);
  }
  log.info(`Deployed ${file.fsPath} to ${place.targetId}.`);
  explorer.refresh();
}
