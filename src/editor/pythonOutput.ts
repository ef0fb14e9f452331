import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/** The output channel of *Run in Python*. It is made when there is something to show. */
export class PythonOutput implements vscode.Disposable {
  #channel: vscode.OutputChannel | undefined;

  append(text: string): void {
    this.#made().append(text);
  }

  /** A whole line. */
  line(text: string): void {
    this.#made().appendLine(text);
  }

  /** Brings it to the front; the editor keeps the focus. */
  show(): void {
    this.#made().show(true);
  }

  dispose(): void {
    this.#channel?.dispose();
  }

  #made(): vscode.OutputChannel {
    this.#channel ??= vscode.window.createOutputChannel(l10n.t("Spawnpoint: Run in Python"));
    return this.#channel;
  }
}
