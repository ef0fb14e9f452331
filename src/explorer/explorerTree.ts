import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallHistory } from "../calls/callHistory.ts";
import type { TargetList, TargetsChange } from "../targets/targetList.ts";
import { type Arrangement, KeptArrangement } from "./arrangement.ts";
import { Drawing } from "./drawing.ts";
import { ExplorerData } from "./explorerData.ts";
import { FocusedRow } from "./focusedRow.ts";
import { inTime } from "./inTime.ts";
import { LiveStats } from "./liveStats.ts";
import type { ExplorerNode, ProblemNode } from "./nodes.ts";
import { Problems, problemNode } from "./problems.ts";
import { look, ShownNodes } from "./shownNodes.ts";
import { describeRow } from "./tooltips.ts";
import { treeItem } from "./treeItems.ts";
import { WhileVisible } from "./whileVisible.ts";

const VIEW_ID = "spawnpoint.explorer";

const POLL_MS = 1_000;
/** An account's server is far away: it is asked once in so many times. */
const ACCOUNT_TURN = 5;
/** After so long without an answer users want to hear of it; connecting alone may take a minute. */
const ACCOUNT_LIMIT_MS = 15_000;

/** The sidebar. Asks servers only while it is visible, and only about what is unfolded. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #targets: TargetList;
  readonly #data: ExplorerData;
  readonly #arrangement: KeptArrangement;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #view: vscode.TreeView<ExplorerNode>;
  readonly #polling: WhileVisible;
  readonly #disposables: vscode.Disposable[];
  readonly #shown = new ShownNodes();
  readonly #problems = new Problems();
  readonly #drawing = new Drawing(this.#shown, (node) => this.#changed.fire(node));
  readonly #focused = new FocusedRow(VIEW_ID);
  #nothingDeployed = false;
  /** What VS Code was given last. */
  #isEmptyDrawn = false;
  #accountsRead: Promise<void> | undefined;
  #accountsProblem: ProblemNode | undefined;
  #polls = 0;
  /** By target. One that does not answer holds up nothing of the others. */
  readonly #stats = new Map<string, LiveStats>();
  readonly #asked = new Set<string>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(targets: TargetList, memory: vscode.Memento, history: CallHistory) {
    this.#targets = targets;
    this.#arrangement = new KeptArrangement(memory);
    this.#data = new ExplorerData(
      targets,
      () => this.#arrangement.current,
      () => history.records,
    );
    this.#view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.#polling = new WhileVisible(this.#view, POLL_MS, () => this.#poll());
    this.#disposables = [
      this.#view,
      this.#polling,
      this.#focused,
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
    if (node) this.#drawing.readAgain(node);
    else void this.#refreshAll();
  }

  /** The row that a command was chosen on, when VS Code could not say which because the row was just being drawn. */
  focusedRow(): Promise<ExplorerNode | undefined> {
    return this.#focused.find();
  }

  /** Reads the calls of a function again, after one was made or cancelled. */
  refreshCalls({ appName, functionName }: { readonly appName: string; readonly functionName: string }): void {
    for (const node of this.#shown.unfolded()) {
      if (node.kind !== "function" || node.appName !== appName || node.functionName !== functionName) continue;
      void this.#update(node);
    }
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node, this.#problems.get(node) !== undefined);
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
    return this.#drawing.during(node, () => (node ? this.#childrenOf(node) : this.#roots()));
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #roots(): Promise<ExplorerNode[]> {
    this.#accountsRead ??= this.#readAccounts();
    await this.#accountsRead;
    this.#isEmptyDrawn = this.#isEmpty();
    return this.#isEmptyDrawn ? [] : this.#allRoots();
  }

  #allRoots(): ExplorerNode[] {
    return [...this.#data.targets(), ...(this.#accountsProblem ? [this.#accountsProblem] : [])];
  }

  #isEmpty(): boolean {
    return this.#nothingDeployed && this.#allRoots().length === 1;
  }

  async #childrenOf(node: ExplorerNode): Promise<ExplorerNode[]> {
    const problem = this.#problems.get(node);
    if (problem) return [problem];
    const known = this.#drawing.knownBelow(node);
    if (known) return known;
    const before = look(node);
    try {
      return this.#show(node, await this.#read(node));
    } catch (error) {
      this.#drawing.later(node);
      return this.#show(node, [this.#problems.add(node, error)]);
    } finally {
      // What was read may say more of the row itself, such as its version.
      if (look(node) !== before) this.#drawing.later(node);
    }
  }

  /** What is below a row now. */
  #read(node: ExplorerNode): Promise<ExplorerNode[]> {
    const children = this.#data.children(node);
    const target = this.#targets.all.find(({ id }) => id === targetIdOf(node));
    return target && target.id !== "local" ? inTime(children, target.name, ACCOUNT_LIMIT_MS) : children;
  }

  async #refreshAll(): Promise<void> {
    const drawn = this.#drawing.timesAll;
    this.#accountsRead = this.#readAccounts();
    await this.#accountsRead;
    // Below the welcome text VS Code knows no row that it could ask about.
    if (this.#isEmpty()) await this.#updateLocal();
    else if (this.#drawing.timesAll === drawn)
      for (const target of this.#data.targets()) this.#drawing.readAgain(target);
  }

  async #updateLocal(): Promise<void> {
    const local = this.#data.targets().find(({ targetId }) => targetId === "local");
    if (local) await this.#update(local);
  }

  async #readAccounts(): Promise<void> {
    const before = this.#accountsProblem?.message;
    try {
      await this.#targets.refresh();
      this.#accountsProblem = undefined;
    } catch (error) {
      this.#accountsProblem = problemNode(undefined, error);
    }
    if (this.#accountsProblem?.message !== before) this.#drawing.all();
  }

  #show(node: ExplorerNode, children: ExplorerNode[]): ExplorerNode[] {
    this.#shown.set(node, children);
    this.#polling.schedule();
    const [only] = children;
    if (node.kind === "target" && node.targetId === "local") {
      if (only?.kind === "noApps" && !only.filtered) this.#showWelcome();
      else this.#nothingDeployed = false;
    }
    return children;
  }

  /** An empty tree is where VS Code shows the welcome text. */
  #showWelcome(): void {
    if (this.#nothingDeployed) return;
    this.#nothingDeployed = true;
    this.#drawing.all();
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
    if (node && this.#drawing.isRead(node)) this.#drawing.later(node);
    else if (node && !this.#nothingDeployed) this.#drawing.readAgain(node);
    else this.#drawing.all();
  }

  async #poll(): Promise<void> {
    this.#polls += 1;
    const due = this.#shown.unfolded().filter((node) => this.#isDue(node));
    const ask = (targetId: string) =>
      this.#ask(
        targetId,
        due.filter((node) => targetIdOf(node) === targetId),
      );
    for (const { id } of this.#targets.all) if (id !== "local") void ask(id);
    await ask("local");
    // VS Code may not have asked when it was told: nothing else would have it ask again.
    if (this.#isEmptyDrawn !== this.#isEmpty()) this.#drawing.all();
    this.#drawing.takeTurn();
  }

  /** Asks a target about its rows, unless it has not answered yet since the last time. */
  async #ask(targetId: string, nodes: readonly ExplorerNode[]): Promise<void> {
    if (this.#asked.has(targetId)) return;
    this.#asked.add(targetId);
    const stats = this.#stats.get(targetId) ?? new LiveStats(this.#targets);
    this.#stats.set(targetId, stats);
    await Promise.allSettled(nodes.map((node) => this.#update(node)));
    await stats.update(nodes.flatMap((node) => this.#shown.childrenOf(node)));
    for (const changed of nodes.flatMap((node) => this.#shown.changedBelow(node))) this.#drawing.later(changed);
    this.#asked.delete(targetId);
  }

  #isDue(node: ExplorerNode): boolean {
    if (this.#problems.get(node) || this.#drawing.isRead(node)) return false;
    return targetIdOf(node) === "local" || this.#polls % ACCOUNT_TURN === 0;
  }

  /** Compares what is shown below a row with what is there now, and has VS Code draw what came and went. */
  async #update(node: ExplorerNode): Promise<void> {
    let wasEmpty = false;
    try {
      const children = await this.#read(node);
      wasEmpty = this.#isEmpty();
      if (this.#shown.areShown(node, children) || !this.#shown.isUnfolded(node)) return;
      this.#show(node, children);
    } catch (error) {
      if (!isLost(node, error)) return; // The engine comes back by itself, and what is gone goes from the row above.
      this.#show(node, [this.#problems.add(node, error)]);
    }
    if (wasEmpty && !this.#isEmpty()) this.#drawing.all();
    else this.#drawing.again(node);
  }
}

/** Whether an account that was there can no longer be asked. */
function isLost(node: ExplorerNode, error: unknown): boolean {
  return (
    targetIdOf(node) !== "local" &&
    error instanceof Error &&
    ["ConnectionError", "AuthError", "NoAnswerError"].includes(error.name)
  );
}

function targetIdOf(node: ExplorerNode): string {
  const place = node.kind === "containers" || node.kind === "deployments" ? node.app : node;
  return "targetId" in place ? place.targetId : "local";
}
