import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { type ExplorerNode, isExplorerNode } from "./nodes.ts";

const COMMAND = "spawnpoint.tellFocusedRow";
const TRIES = 100;
const PAUSE_MS = 100;

/**
 * Tells which row of a tree has the focus. VS Code says so only to commands that its own menus run; `runCommands` hands ours the same
 * context that the buttons of a view's title give (`TreeViewPane.getActionsContext` in VS Code's sources).
 */
export class FocusedRow implements vscode.Disposable {
  readonly #viewId: string;
  readonly #registration: vscode.Disposable;
  #told: unknown;

  constructor(viewId: string) {
    this.#viewId = viewId;
    this.#registration = vscode.commands.registerCommand(COMMAND, (row: unknown) => {
      this.#told = row;
    });
  }

  /** While VS Code draws the rows it knows none: then it is asked again, for ten seconds. */
  async find(): Promise<ExplorerNode | undefined> {
    const args = { $treeViewId: this.#viewId, $focusedTreeItem: true };
    for (let left = TRIES; left > 0; left--) {
      await vscode.commands.executeCommand("runCommands", { commands: [{ command: COMMAND, args }] });
      if (isExplorerNode(this.#told)) return this.#told;
      await delay(PAUSE_MS);
    }
    return undefined;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
