import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { TargetList, TargetsChange } from "../targets/targetList.ts";
import { type Arrangement, KeptArrangement } from "./arrangement.ts";
import { ExplorerData } from "./explorerData.ts";
import { LiveStats } from "./liveStats.ts";
import type { ExplorerNode, ProblemNode } from "./nodes.ts";
import { Problems, problemNode } from "./problems.ts";
import { Reading } from "./reading.ts";
import { look, ShownNodes } from "./shownNodes.ts";
import { describeRow } from "./tooltips.ts";
import { treeItem } from "./treeItems.ts";
import { WhileVisible } from "./whileVisible.ts";

const POLL_MS = 1_000;
/** An account's server is far away: it is asked once in so many times. */
const ACCOUNT_TURN = 5;

const MAX_REMINDERS = 5;

/** The sidebar. Asks servers only while it is visible, and only about what is unfolded. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #targets: TargetList;
  readonly #data: ExplorerData;
  readonly #stats: LiveStats;
  readonly #arrangement: KeptArrangement;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #view: vscode.TreeView<ExplorerNode>;
  readonly #polling: WhileVisible;
  readonly #disposables: vscode.Disposable[];
  readonly #shown = new ShownNodes();
  readonly #problems = new Problems();
  readonly #reading = new Reading();
  /** Rows that are drawn anew while what is below them is known: VS Code asks for it all the same. */
  readonly #knownBelow = new Set<ExplorerNode>();
  /** Rows that changed while they were read. */
  readonly #drawLater = new Set<ExplorerNode>();
  /** How often VS Code was told again of rows that it forgot to ask about. */
  readonly #reminders = new WeakMap<ExplorerNode, number>();
  #nothingDeployed = false;
  #accountsRead: Promise<void> | undefined;
  #accountsProblem: ProblemNode | undefined;
  /** How often the topmost rows were drawn. */
  #timesDrawn = 0;
  #polls = 0;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(targets: TargetList, memory: vscode.Memento) {
    this.#targets = targets;
    this.#arrangement = new KeptArrangement(memory);
    this.#data = new ExplorerData(targets, () => this.#arrangement.current);
    this.#stats = new LiveStats(targets);
    this.#view = vscode.window.createTreeView("spawnpoint.explorer", { treeDataProvider: this, showCollapseAll: true });
    this.#polling = new WhileVisible(this.#view, POLL_MS, () => this.#poll());
    this.#disposables = [
      this.#view,
      this.#polling,
      this.#changed,
      this.#view.onDidCollapseElement(({ element }) => this.#shown.collapse(element)),
      this.#view.onDidExpandElement(({ element }) => this.#shown.expand(element)),
      new vscode.Disposable(targets.onChange((change) => this.#onTargetsChange(change))),
    ];
    this.#sayFilter();
  }

  get arrangement(): Arrangement {
    return this.#arrangement.current;
  }

  /** Filters, sorts or groups otherwise from now on, in this workspace. */
  async arrange(change: Partial<Arrangement>): Promise<void> {
    await this.#arrangement.change(change);
    this.#sayFilter();
    this.refresh();
  }

  /** Reads a row and all below it again; everything when there is none. */
  refresh(node?: ExplorerNode): void {
    this.#problems.clear();
    if (node) this.#readAgain(node);
    else void this.#refreshAll();
  }

  /** Reads the calls of a function again, after one was made or cancelled. */
  refreshCalls({ appName, functionName }: { readonly appName: string; readonly functionName: string }): void {
    for (const node of this.#shown.unfolded()) {
      if (node.kind !== "function" || node.appName !== appName || node.functionName !== functionName) continue;
      this.#readAgain(node);
    }
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node);
  }

  /** VS Code asks for this when the pointer rests on a row. */
  async resolveTreeItem(item: vscode.TreeItem, node: ExplorerNode): Promise<vscode.TreeItem> {
    item.tooltip = await describeRow(this.#targets, node);
    return item;
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    return this.#shown.parentOf(node);
  }

  getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    return node
      ? this.#reading.during(node, () => this.#childrenOf(node))
      : this.#reading.during(undefined, () => this.#roots());
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #roots(): Promise<ExplorerNode[]> {
    this.#accountsRead ??= this.#readAccounts();
    await this.#accountsRead;
    const roots = [...this.#data.targets(), ...(this.#accountsProblem ? [this.#accountsProblem] : [])];
    return this.#nothingDeployed && roots.length === 1 ? [] : roots;
  }

  async #childrenOf(node: ExplorerNode): Promise<ExplorerNode[]> {
    const known = this.#problems.get(node);
    if (known) return [known];
    if (this.#knownBelow.delete(node)) return this.#shown.childrenOf(node);
    const before = look(node);
    try {
      return this.#show(node, await this.#data.children(node));
    } catch (error) {
      return this.#show(node, [this.#problems.add(node, error)]);
    } finally {
      // What was read may say more of the row itself, such as its version.
      if (look(node) !== before) this.#drawLater.add(node);
    }
  }

  async #refreshAll(): Promise<void> {
    const drawn = this.#timesDrawn;
    this.#accountsRead = this.#readAccounts();
    await this.#accountsRead;
    if (this.#timesDrawn > drawn) return;
    if (this.#nothingDeployed) this.#rootsChanged();
    else for (const target of this.#data.targets()) this.#readAgain(target);
  }

  async #readAccounts(): Promise<void> {
    const before = this.#accountsProblem?.message;
    try {
      await this.#targets.refresh();
      this.#accountsProblem = undefined;
    } catch (error) {
      this.#accountsProblem = problemNode(undefined, error);
    }
    if (this.#accountsProblem?.message !== before) this.#rootsChanged();
  }

  #show(node: ExplorerNode, children: ExplorerNode[]): ExplorerNode[] {
    this.#shown.set(node, children);
    this.#polling.schedule();
    const [only] = children;
    if (node.kind === "target" && node.targetId === "local" && only?.kind === "noApps" && !only.filtered) {
      this.#showWelcome();
    }
    return children;
  }

  /** An empty tree is where VS Code shows the welcome text. */
  #showWelcome(): void {
    if (this.#nothingDeployed) return;
    this.#nothingDeployed = true;
    this.#rootsChanged();
  }

  #sayFilter(): void {
    const { filter } = this.#arrangement.current;
    this.#view.message = filter && l10n.t`Filtered by "${filter}"`;
    void vscode.commands.executeCommand("setContext", "spawnpoint.filtered", filter !== "");
  }

  #onTargetsChange(change: TargetsChange): void {
    if (change === "choice") return;
    const target = change === "list" ? undefined : change;
    const node = target && this.#data.targets().find(({ targetId }) => targetId === target.id);
    if (node && target.state.status === "running") this.#problems.solve(node);
    if (node && this.#reading.isRead(node)) this.#drawLater.add(node);
    else if (node && !this.#nothingDeployed) this.#readAgain(node);
    else this.#rootsChanged();
  }

  async #poll(): Promise<void> {
    this.#polls += 1;
    const nodes = this.#shown.unfolded().filter((node) => this.#isDue(node));
    await Promise.allSettled(nodes.map((node) => this.#update(node)));
    await this.#stats.update(nodes.flatMap((node) => this.#shown.childrenOf(node)));
    for (const changed of nodes.flatMap((node) => this.#shown.changedBelow(node))) this.#drawLater.add(changed);
    for (const node of this.#drawLater) this.#drawAgain(node);
    this.#drawLater.clear();
    this.#remind();
  }

  /** VS Code loses rows that change between its being given them and its asking what is below: it asks when they change once more. */
  #remind(): void {
    for (const node of this.#shown.unasked()) {
      const reminders = this.#reminders.get(node) ?? 0;
      if (reminders === MAX_REMINDERS || this.#reading.isRead(node)) continue; // It may have been folded in an earlier window.
      this.#reminders.set(node, reminders + 1);
      this.#changed.fire(node);
    }
  }

  #isDue(node: ExplorerNode): boolean {
    if (this.#problems.get(node) || this.#reading.isRead(node)) return false;
    const place = node.kind === "containers" || node.kind === "deployments" ? node.app : node;
    const isLocal = !("targetId" in place) || place.targetId === "local";
    return isLocal || this.#polls % ACCOUNT_TURN === 0;
  }

  /** Compares what is shown below a row with what is there now, and has VS Code draw what came and went. */
  async #update(node: ExplorerNode): Promise<void> {
    try {
      const children = await this.#data.children(node);
      if (this.#shown.areShown(node, children) || !this.#shown.isUnfolded(node)) return;
      this.#show(node, children);
    } catch (error) {
      if (!isLost(node, error)) return; // The engine comes back by itself, and what is gone goes from the row above.
      this.#show(node, [this.#problems.add(node, error)]);
    }
    const wasEmpty = this.#nothingDeployed && this.#shown.childrenOf(node)[0]?.kind !== "noApps";
    if (wasEmpty) this.#nothingDeployed = false;
    if (wasEmpty) this.#rootsChanged();
    else this.#drawAgain(node);
  }

  /** Has VS Code draw a row anew, and what is known to be below it. */
  #drawAgain(node: ExplorerNode): void {
    this.#reading.whenDone(node, () => {
      for (const below of this.#unfoldedWithin(node)) this.#knownBelow.add(below);
      this.#changed.fire(node);
    });
  }

  #readAgain(node: ExplorerNode): void {
    this.#reading.whenDone(node, () => {
      for (const below of this.#unfoldedWithin(node)) this.#knownBelow.delete(below);
      this.#changed.fire(node);
    });
  }

  /** The topmost rows came or went. While they are read, they are read as they then are. */
  #rootsChanged(): void {
    if (this.#reading.isRead(undefined)) return;
    this.#reading.whenDone(undefined, () => {
      this.#timesDrawn += 1;
      this.#knownBelow.clear();
      this.#changed.fire(undefined);
    });
  }

  #unfoldedWithin(node: ExplorerNode): ExplorerNode[] {
    return this.#shown.unfolded().filter((below) => this.#isWithin(below, node));
  }

  #isWithin(node: ExplorerNode, ancestor: ExplorerNode): boolean {
    const parent = this.#shown.parentOf(node);
    return node === ancestor || (parent !== undefined && this.#isWithin(parent, ancestor));
  }
}

/** Whether an account that was there can no longer be asked. */
function isLost(node: ExplorerNode, error: unknown): boolean {
  const isAccount = "targetId" in node && node.targetId !== "local";
  return isAccount && error instanceof Error && ["ConnectionError", "AuthError"].includes(error.name);
}
