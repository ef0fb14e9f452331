import * as vscode from "vscode";
import type { DeployFault } from "../targets/targetError.ts";

/** Marks the line at which a deployment failed, until the file is deployed. */
export class DeployDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("spawnpoint");
  /** By file that was deployed: the files that were marked for it, which may be others that it imports. */
  readonly #marked = new Map<string, vscode.Uri>();

  /** @param deployed the file that was to be deployed; the fault may be in one that it imports */
  report(deployed: vscode.Uri, fault: DeployFault & { readonly message: string }): void {
    this.clear(deployed);
    const place = fault.path ? vscode.Uri.file(fault.path) : deployed;
    const range = lineRange(place, Math.max(0, fault.line - 1));
    const diagnostic = new vscode.Diagnostic(range, fault.message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = "Spawnpoint";
    this.#collection.set(place, [diagnostic]);
    this.#marked.set(deployed.toString(), place);
  }

  clear(deployed: vscode.Uri): void {
    const place = this.#marked.get(deployed.toString());
    if (place) this.#collection.delete(place);
    this.#marked.delete(deployed.toString());
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

/** A line without its indentation, when the file is open; otherwise all of it. */
function lineRange(file: vscode.Uri, line: number): vscode.Range {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  const whole = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  if (!document || line >= document.lineCount) return whole;
  const { firstNonWhitespaceCharacterIndex, range } = document.lineAt(line);
  return range.with(new vscode.Position(line, firstNonWhitespaceCharacterIndex));
}
