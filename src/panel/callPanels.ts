import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallWatches } from "../calls/callWatches.ts";
import { type ActionSurroundings, callActions } from "./callActions.ts";
import type { HostMessage, PageMessage, PageState } from "./messages.ts";
import { PanelHost } from "./panelHost.ts";
import { pageIcon, showPage } from "./showPage.ts";

const VIEW_TYPE = "spawnpoint.call";

/** What the panels need to know of the window. */
export interface PanelSurroundings extends ActionSurroundings {
  readonly extensionUri: vscode.Uri;
  readonly watches: CallWatches;
  /** The record of a call, from the history or the server. */
  readonly recordOf: (functionCallId: string, targetId: string | undefined) => Promise<CallRecord>;
}

/** The panels of this window: one for each function call that is looked at. */
export class CallPanels implements vscode.WebviewPanelSerializer<PageState>, vscode.Disposable {
  readonly #surroundings: PanelSurroundings;
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #registration: vscode.Disposable;

  constructor(surroundings: PanelSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  /** Shows the panel of a call, beside the code. */
  show(record: CallRecord): void {
    const open = this.#panels.get(record.functionCallId);
    if (open) open.reveal(undefined, true);
    else this.#fill(this.#create(), record);
  }

  /** VS Code brings a panel back after the window was reloaded. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: PageState | undefined): Promise<void> {
    if (!state?.functionCallId) return panel.dispose();
    try {
      this.#fill(panel, await this.#surroundings.recordOf(state.functionCallId, state.targetId));
    } catch (error) {
      panel.dispose();
      this.#surroundings.reportError(error);
    }
  }

  dispose(): void {
    this.#registration.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  /** Beside the code, or where the other panels are. */
  #create(): vscode.WebviewPanel {
    const viewColumn = [...this.#panels.values()].at(-1)?.viewColumn ?? vscode.ViewColumn.Beside;
    return vscode.window.createWebviewPanel(VIEW_TYPE, "", { viewColumn, preserveFocus: true });
  }

  #fill(panel: vscode.WebviewPanel, record: CallRecord): void {
    const { extensionUri, watches } = this.#surroundings;
    const { functionCallId, functionName } = record;
    panel.title = `${functionName} (${record.kind})`;
    panel.iconPath = pageIcon(extensionUri);
    const watch = watches.of(record);
    const post = (message: HostMessage) => void panel.webview.postMessage(message);
    const host = new PanelHost(watch, post, callActions(watch, record, this.#surroundings));
    this.#panels.set(functionCallId, panel);
    panel.webview.onDidReceiveMessage((message: PageMessage) => host.receive(message));
    panel.onDidChangeViewState(() => panel.visible || host.stop());
    panel.onDidDispose(() => {
      host.stop();
      this.#panels.delete(functionCallId);
    });
    showPage(panel.webview, extensionUri, { bundle: "webview", title: l10n.t("Function Call") });
  }
}
