import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallServer } from "../calls/callServer.ts";
import type { CompareHost } from "./compareHost.ts";
import type { ComparePageMessage, ComparePageState, Sides } from "./compareMessages.ts";
import { ResultDocuments } from "./resultDocuments.ts";
import { pageIcon, showPage } from "./showPage.ts";

const VIEW_TYPE = "spawnpoint.compare";

/** What the panels need to know of the window. */
export interface CompareSurroundings {
  readonly extensionUri: vscode.Uri;
  /** Gives the server that has a call, as it answers now. */
  readonly connect: (record: CallRecord) => Promise<CallServer>;
  /** The record of a call, from the history or the server. */
  readonly recordOf: (functionCallId: string, targetId: string | undefined) => Promise<CallRecord>;
  readonly reportError: (error: unknown) => void;
}

/** The panels in which two calls are compared, and the call that waits for another one to be compared with. */
export class ComparePanels implements vscode.WebviewPanelSerializer<ComparePageState>, vscode.Disposable {
  readonly #surroundings: CompareSurroundings;
  readonly #registration: vscode.Disposable;
  readonly #documents = new ResultDocuments();
  #selected: CallRecord | undefined;

  constructor(surroundings: CompareSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  /** The call that was selected for compare. */
  get selected(): CallRecord | undefined {
    return this.#selected;
  }

  async select(record: CallRecord): Promise<void> {
    this.#selected = record;
    await vscode.commands.executeCommand("setContext", "spawnpoint.callSelectedForCompare", true);
  }

  async show(calls: Sides<CallRecord>): Promise<void> {
    await this.#fill(vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active), calls);
  }

  /** VS Code brings a panel back after the window was reloaded. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: ComparePageState | undefined): Promise<void> {
    if (!state) return panel.dispose();
    try {
      const { left, right } = state.calls;
      const { recordOf } = this.#surroundings;
      await this.#fill(panel, {
        left: await recordOf(left.functionCallId, left.targetId),
        right: await recordOf(right.functionCallId, right.targetId),
      });
    } catch (error) {
      panel.dispose();
      this.#surroundings.reportError(error);
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#documents.dispose();
  }

  async #fill(panel: vscode.WebviewPanel, calls: Sides<CallRecord>): Promise<void> {
    const { extensionUri } = this.#surroundings;
    panel.title = titleOf(calls);
    panel.iconPath = pageIcon(extensionUri);
    const host = await this.#host(panel, calls);
    const subscriptions = [
      panel.webview.onDidReceiveMessage((message: ComparePageMessage) => host.receive(message)),
      panel.onDidChangeViewState(() => panel.visible || host.stop()),
    ];
    panel.onDidDispose(() => {
      host.stop();
      for (const subscription of subscriptions) subscription.dispose();
    });
    showPage(panel.webview, extensionUri, { bundle: "compare", title: l10n.t("Comparison of Calls") });
  }

  /** Reading and comparing values needs the client, which is loaded here. */
  async #host(panel: vscode.WebviewPanel, { left, right }: Sides<CallRecord>): Promise<CompareHost> {
    const { connect, reportError } = this.#surroundings;
    const [{ CompareHost }, { Comparison }] = await Promise.all([
      import("./compareHost.ts"),
      import("../calls/compare/comparison.ts"),
    ]);
    const source = (record: CallRecord) => ({ record, connect: () => connect(record) });
    const host: CompareHost = new CompareHost(
      (onNews) => new Comparison(source(left), source(right), onNews),
      (message) => void panel.webview.postMessage(message),
      {
        showCall: (side) => {
          const { functionCallId, targetId, environmentName } = { left, right }[side];
          void vscode.commands.executeCommand("spawnpoint.showCall", { functionCallId, targetId, environmentName });
        },
        swap: () => {
          panel.dispose();
          void this.show({ left: right, right: left }).catch(reportError);
        },
        openFile: (path, line) => {
          void import("./openFrame.ts").then(({ openFrame }) => openFrame(path, line)).catch(reportError);
        },
        openDifferences: (index) => {
          void import("./openDifferences.ts")
            .then(({ openDifferences }) => openDifferences(host.comparison, index, this.#documents))
            .catch(reportError);
        },
      },
    );
    return host;
  }
}

function titleOf({ left, right }: Sides<CallRecord>): string {
  return left.functionName === right.functionName
    ? l10n.t`Compare ${left.functionName}`
    : `${left.functionName} ↔ ${right.functionName}`;
}
