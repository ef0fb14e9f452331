import type { TargetList } from "../targets/targetList.ts";
import type { ClassNode, ExplorerNode, FunctionNode } from "./nodes.ts";

/** Of more functions than this, some are asked about at a time, the others the next times. VS Code does not tell which rows are on screen. */
const MAX_AT_A_TIME = 40;

type Row = FunctionNode | ClassNode;

/** Asks for backlog and runners of the functions that are shown. */
export class LiveStats {
  readonly #targets: Pick<TargetList, "modal">;
  #next = 0;

  constructor(targets: Pick<TargetList, "modal">) {
    this.#targets = targets;
  }

  /** Asks about the next of these rows. A function that cannot be asked about keeps what it had. */
  async update(shown: readonly ExplorerNode[]): Promise<void> {
    const rows = shown.filter(
      (node): node is Row => node.kind === "class" || (node.kind === "function" && !node.inClass),
    );
    if (this.#next >= rows.length) this.#next = 0;
    const turn = rows.slice(this.#next, this.#next + MAX_AT_A_TIME);
    this.#next += turn.length;
    await Promise.allSettled(turn.map((row) => this.#read(row)));
  }

  async #read(row: Row): Promise<void> {
    const modal = await this.#targets.modal(row);
    row.stats = await modal.functions.fromId(row.functionId).getCurrentStats();
  }
}
