import type { ExplorerNode } from "./nodes.ts";

/** The rows that were made, by id: the same thing stays the same object, as VS Code knows rows by identity. */
export class RememberedNodes {
  readonly #nodes = new Map<string, ExplorerNode>();

  /**
   * The row of this id, with its newest values.
   *
   * @param keep what a row that is already there keeps
   */
  node<Node extends ExplorerNode>(newest: Node, ...keep: (keyof Node)[]): Node {
    const known = this.#nodes.get(newest.id) as Node | undefined;
    if (!known) {
      this.#nodes.set(newest.id, newest);
      return newest;
    }
    const kept = Object.fromEntries(keep.map((key) => [key, known[key]]));
    return Object.assign(known, newest, kept);
  }
}
