import * as vscode from "vscode";
import type { TargetList, TargetsChange } from "../targets/targetList.ts";
import { ExplorerData } from "./explorerData.ts";
import type { ExplorerNode, ProblemNode } from "./nodes.ts";
import { treeItem } from "./treeItems.ts";

const POLL_MS = 1_000;

/** The sidebar: target, apps, functions, calls. Asks the server only while it is visible, and only about what is unfolded. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #targets: TargetList;
  readonly #data: ExplorerData;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #view: vscode.TreeView<ExplorerNode>;
  readonly #disposables: vscode.Disposable[];
  /** The children that were last shown below a node, with what they looked like. */
  readonly #shown = new Map<ExplorerNode, Shown>();
  readonly #parents = new WeakMap<ExplorerNode, ExplorerNode>();
  readonly #collapsed = new Set<ExplorerNode>();
  /** Nodes that could not be read. They are left alone until the user or the target gives a reason to try again. */
  readonly #problems = new Map<ExplorerNode, ProblemNode>();
  /** Nodes whose children are on their way. VS Code forgets that a node was to unfold when it changes meanwhile. */
  readonly #reading = new Set<ExplorerNode>();
  readonly #changedWhileRead = new Set<ExplorerNode>();
  #nothingDeployed = false;
  #accountsRead: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(targets: TargetList) {
    this.#targets = targets;
    this.#data = new ExplorerData(targets);
    this.#view = vscode.window.createTreeView("spawnpoint.explorer", { treeDataProvider: this, showCollapseAll: true });
    this.#disposables = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => this.#schedule()),
      this.#view.onDidCollapseElement(({ element }) => this.#collapsed.add(element)),
      this.#view.onDidExpandElement(({ element }) => this.#collapsed.delete(element)),
      new vscode.Disposable(targets.onChange((change) => this.#onTargetsChange(change))),
      new vscode.Disposable(() => clearTimeout(this.#timer)),
    ];
  }

  /** Reads a node and all below it again; everything when there is none. */
  refresh(node?: ExplorerNode): void {
    this.#problems.clear();
    this.#nothingDeployed = false;
    if (!node) this.#accountsRead = undefined;
    this.#changed.fire(node);
  }

  /** Reads the calls of a function again, after one was made or cancelled. */
  refreshCalls({ appName, functionName }: { readonly appName: string; readonly functionName: string }): void {
    for (const node of this.#shown.keys()) {
      if (node.kind !== "function" || node.appName !== appName || node.functionName !== functionName) continue;
      this.#changed.fire(node);
    }
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node);
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    return this.#parents.get(node);
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    if (!node) return this.#roots();
    const known = this.#problems.get(node);
    if (known) return [known];
    this.#reading.add(node);
    try {
      const children = await this.#read(node);
      if (node.kind === "target" && node.targetId === "local" && children.length === 0) this.#showWelcome();
      for (const child of children) this.#parents.set(child, node);
      this.#shown.set(node, new Map(children.map((child) => [child, look(child)])));
      this.#schedule();
      return children;
    } catch (error) {
      const problem = problemNode(node, error);
      this.#problems.set(node, problem);
      return [problem];
    } finally {
      this.#reading.delete(node);
      if (this.#changedWhileRead.delete(node)) setTimeout(() => this.#changed.fire(node));
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #roots(): ExplorerNode[] {
    // Commands that need an account say what is wrong with it.
    this.#accountsRead ??= this.#targets.refresh().catch(() => undefined);
    const roots = this.#data.targets();
    return this.#nothingDeployed && roots.length === 1 ? [] : roots;
  }

  async #read(node: ExplorerNode): Promise<ExplorerNode[]> {
    switch (node.kind) {
      case "target":
        return this.#data.apps(node);
      case "app":
        return this.#data.functions(node);
      case "function":
        return this.#data.calls(node);
      default:
        return [];
    }
  }

  #onTargetsChange(change: TargetsChange): void {
    if (change === "choice") return;
    const target = change === "list" ? undefined : change;
    const node = target && this.#data.targets().find(({ targetId }) => targetId === target.id);
    if (node && target.state.status === "running") this.#problems.delete(node);
    if (node && this.#reading.has(node)) this.#changedWhileRead.add(node);
    else this.#changed.fire(this.#nothingDeployed ? undefined : node);
  }

  /** An empty tree is where VS Code shows the welcome text. */
  #showWelcome(): void {
    this.#nothingDeployed = true;
    this.#changed.fire(undefined);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#view.visible) this.#timer = setTimeout(() => void this.#poll().finally(() => this.#schedule()), POLL_MS);
  }

  async #poll(): Promise<void> {
    const nodes = [...this.#shown.keys()].filter((node) => !this.#isHidden(node));
    await Promise.allSettled(nodes.map((node) => this.#update(node)));
  }

  #isHidden(node: ExplorerNode): boolean {
    const parent = this.#parents.get(node);
    return this.#collapsed.has(node) || (parent !== undefined && this.#isHidden(parent));
  }

  /** Compares what is shown below a node with what is there now, and has VS Code draw what differs. */
  async #update(node: ExplorerNode): Promise<void> {
    const shown = this.#shown.get(node);
    const children = await this.#read(node);
    if (!shown) return;
    if (children.length !== shown.size || !children.every((child) => shown.has(child))) {
      this.#nothingDeployed = false;
      this.#changed.fire(node.kind === "target" ? undefined : node);
      return;
    }
    for (const child of children) {
      const newLook = look(child);
      if (shown.get(child) === newLook) continue;
      shown.set(child, newLook);
      this.#changed.fire(child);
    }
  }
}

/** What was shown below a node, and how each of it looked. */
type Shown = Map<ExplorerNode, string>;

function look(node: ExplorerNode): string {
  return JSON.stringify(node);
}

function problemNode(parent: ExplorerNode, error: unknown): ProblemNode {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "problem", id: `problem:${parent.id}`, message, parent };
}
