import { type ExplorerNode, startsUnfolded } from "./nodes.ts";

/** Which rows were given to VS Code, and how they looked. */
export class ShownNodes {
  /** The children below a row, each with its look. */
  readonly #children = new Map<ExplorerNode, Map<ExplorerNode, string>>();
  readonly #parents = new WeakMap<ExplorerNode, ExplorerNode>();
  readonly #collapsed = new Set<ExplorerNode>();

  /** Notes what is shown below a row now. What was there before and is no longer is forgotten, with all below it. */
  set(parent: ExplorerNode, children: readonly ExplorerNode[]): void {
    const before = this.#children.get(parent);
    this.#children.set(parent, new Map(children.map((child) => [child, look(child)])));
    for (const child of children) this.#parents.set(child, parent);
    const now = new Set(children);
    for (const child of before?.keys() ?? []) if (!now.has(child)) this.#forget(child);
  }

  childrenOf(parent: ExplorerNode): ExplorerNode[] {
    return [...(this.#children.get(parent)?.keys() ?? [])];
  }

  /** Whether these are the rows that are shown below another, in any order. */
  areShown(parent: ExplorerNode, children: readonly ExplorerNode[]): boolean {
    const shown = this.#children.get(parent);
    return shown?.size === children.length && children.every((child) => shown.has(child));
  }

  /** Those of the rows below another that look otherwise than when this was last asked. */
  changedBelow(parent: ExplorerNode): ExplorerNode[] {
    const shown = this.#children.get(parent) ?? new Map<ExplorerNode, string>();
    const changed = [...shown].filter(([child, before]) => look(child) !== before).map(([child]) => child);
    for (const child of changed) shown.set(child, look(child));
    return changed;
  }

  parentOf(node: ExplorerNode): ExplorerNode | undefined {
    return this.#parents.get(node);
  }

  collapse(node: ExplorerNode): void {
    this.#collapsed.add(node);
  }

  expand(node: ExplorerNode): void {
    this.#collapsed.delete(node);
  }

  /** The rows whose children can be seen. */
  unfolded(): ExplorerNode[] {
    return [...this.#children.keys()].filter((node) => this.isUnfolded(node));
  }

  isUnfolded(node: ExplorerNode): boolean {
    if (!this.#children.has(node) || this.#collapsed.has(node)) return false;
    const parent = this.#parents.get(node);
    return parent === undefined || this.isUnfolded(parent);
  }

  /** Rows that stand unfolded as they were given to VS Code, but that it has not asked about. */
  unasked(): ExplorerNode[] {
    const candidates = this.unfolded().flatMap((node) => this.childrenOf(node));
    return candidates.filter((node) => startsUnfolded(node) && !this.#children.has(node) && !this.#collapsed.has(node));
  }

  #forget(node: ExplorerNode): void {
    for (const child of this.childrenOf(node)) this.#forget(child);
    this.#children.delete(node);
    this.#collapsed.delete(node);
  }
}

/** What of a row can be seen, without what is below it. */
export function look(node: ExplorerNode): string {
  return JSON.stringify(node, (key, value) =>
    key === "methods" || key === "app" || key === "parent" ? undefined : value,
  );
}
