import type * as vscode from "vscode";
import type { Services } from "../services.ts";
import { requireTrust } from "../workspaceTrust.ts";

/**
 * The path of the Python that runs a file.
 *
 * @throws InterpreterError there is none that can be used
 * @throws UntrustedWorkspaceError whatever needs an interpreter runs code of the workspace, and its `.venv` may be anybody's
 */
export async function pythonFor({ interpreters }: Pick<Services, "interpreters">, file: vscode.Uri): Promise<string> {
  requireTrust();
  return (await interpreters.of(file)).path;
}
