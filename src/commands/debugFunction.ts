import { randomUUID } from "node:crypto";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { debugRequest } from "../client/local/debugRequest.ts";
import { InputError } from "../inputs/inputError.ts";
import { chooseDeclaration } from "./choose/chooseDeclaration.ts";
import { askDeclaredArguments } from "./inputs/askDeclaredArguments.ts";
import { debugConfiguration } from "./python/debugConfiguration.ts";
import { pythonFor } from "./python/pythonInterpreter.ts";
import { saveFiles } from "./python/saveFiles.ts";
import type { Services } from "./services.ts";

const DEBUGGER = "ms-python.debugpy";

/**
 * *Debug*: calls a function in the Python debugger, without any server, so that breakpoints in it hit.
 *
 * @param argument what `chooseDeclaration` takes, with `args`, `kwargs` and `parameters` (of the class of a method), or `inputText` and
 *   `parametersText` as the user would type them
 */
export async function debugFunction(services: Services, argument: unknown): Promise<void> {
  if (!vscode.extensions.getExtension(DEBUGGER)) return offerDebugger();
  const fn = await chooseDeclaration(services, argument);
  const given = fn && (await askDeclaredArguments(services, fn, argument, l10n.t("Debug")));
  if (!fn || !given) return;
  const { path, qualifiedName: qualname, appName, functionName } = fn;
  const file = vscode.Uri.file(path);
  await saveFiles(file);
  const python = await pythonFor(services, file);
  const { args, kwargs, parameters } = given;
  const request = await writeRequest(services, debugRequest({ path, qualname, appName, parameters }, args, kwargs));
  const pythonFolder = join(services.extensionUri.fsPath, "dist", "python");
  const configuration = debugConfiguration({ functionName, path, python, pythonFolder, requestPath: request.fsPath });
  const ended = vscode.debug.onDidTerminateDebugSession(({ configuration: { args } }) => {
    if (!Array.isArray(args) || args[0] !== request.fsPath) return;
    ended.dispose();
    void removeRequest(request);
  });
  if (await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file), configuration)) return;
  ended.dispose();
  await removeRequest(request);
  throw new InputError(l10n.t`The Python debugger did not start for ${functionName}; its output says why.`);
}

async function writeRequest({ storageUri }: Services, request: Uint8Array): Promise<vscode.Uri> {
  const file = vscode.Uri.joinPath(storageUri, "debug", `${randomUUID()}.request`);
  await vscode.workspace.fs.writeFile(file, request);
  return file;
}

/** It holds the arguments. Our script has removed it, unless it never came to read it. */
async function removeRequest(request: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(request);
  } catch {
    // It is gone.
  }
}

/** Does not wait for the answer: the command has done what it could. */
function offerDebugger(): void {
  void vscode.window
    .showErrorMessage(
      l10n.t("Debugging needs the Python Debugger extension; install it, and debug again."),
      l10n.t("Show Extension"),
    )
    .then((choice) => choice && vscode.commands.executeCommand("workbench.extensions.search", `@id:${DEBUGGER}`));
}
