import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LogFollow } from "../logs/logFollow.ts";
import type { LogPageMessage } from "./logMessages.ts";
import { LogsHost } from "./logsHost.ts";
import { showPage } from "./showPage.ts";

const VIEW_ID = "spawnpoint.logs";

/** The view of logs, beside the terminal. It follows what was chosen last, while it is visible. */
export class LogsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #reportError: (error: unknown) => void;
  readonly #registration: vscode.Disposable;
  #follow: LogFollow | undefined;
  #view: vscode.WebviewView | undefined;
  #host: LogsHost | undefined;

  constructor(extensionUri: vscode.Uri, reportError: (error: unknown) => void) {
    this.#extensionUri = extensionUri;
    this.#reportError = reportError;
    this.#registration = vscode.window.registerWebviewViewProvider(VIEW_ID, this);
  }

  /** Follows logs, and brings the view to the front. */
  async show(follow: LogFollow): Promise<void> {
    this.#follow = follow;
    this.#host?.show(follow);
    if (this.#view) {
      this.#view.description = follow.origin.title;
      this.#view.show(true);
    } else {
      await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    }
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    const host = new LogsHost((message) => void webview.postMessage(message), {
      choose: () => void vscode.commands.executeCommand("spawnpoint.followLogs"),
      save: (text) => void save(text).catch(this.#reportError),
    });
    host.show(this.#follow);
    this.#host = host;
    this.#view = view;
    if (this.#follow) view.description = this.#follow.origin.title;
    webview.onDidReceiveMessage((message: LogPageMessage) => host.receive(message));
    view.onDidChangeVisibility(() => view.visible || host.stop());
    view.onDidDispose(() => {
      host.stop();
      if (this.#host !== host) return;
      this.#host = undefined;
      this.#view = undefined;
    });
    showPage(webview, this.#extensionUri, { bundle: "logs", title: l10n.t("Logs") });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#host?.stop();
  }
}

async function save(text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: l10n.t("Save Logs"),
    filters: { Log: ["log", "txt"] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, "modal.log") }),
  });
  if (!uri) return;
  const { writeFile } = await import("./writeFile.ts");
  await writeFile(uri, [text]);
  await vscode.window.showTextDocument(uri);
}
