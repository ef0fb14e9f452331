import type { ExplorerNode } from "./nodes.ts";
import { Reading } from "./reading.ts";
import type { ShownNodes } from "./shownNodes.ts";

/** How often VS Code is told again of a row that it forgot to ask about. */
const MAX_REMINDERS = 5;

/** A row whose children are in sight is drawn once in so many turns, because of its own looks. */
const TURNS_BETWEEN = 4;

/**
 * Has VS Code draw rows anew. While it draws a row, it has forgotten the rows below: a command that somebody chooses on one of them then
 * does not learn which row it is for. So a row with children in sight is drawn seldom, and none while it is read.
 */
export class Drawing {
  readonly #shown: ShownNodes;
  readonly #fire: (node: ExplorerNode | undefined) => void;
  readonly #reading = new Reading();
  /** Rows that are drawn anew while what is below them is known: VS Code asks for it all the same. */
  readonly #knownBelow = new Set<ExplorerNode>();
  /** Rows that look otherwise than they were drawn. */
  readonly #due = new Set<ExplorerNode>();
  /** The turn in which a row was drawn last. */
  readonly #drawnIn = new WeakMap<ExplorerNode, number>();
  readonly #reminders = new WeakMap<ExplorerNode, number>();
  #turn = 0;
  #timesAll = 0;

  /** @param fire tells VS Code that a row changed, with all below it; undefined: the tree as a whole */
  constructor(shown: ShownNodes, fire: (node: ExplorerNode | undefined) => void) {
    this.#shown = shown;
    this.#fire = fire;
  }

  /** How often the topmost rows were drawn. */
  get timesAll(): number {
    return this.#timesAll;
  }

  /** Reads what is below a row, or the topmost rows. */
  during<T>(place: ExplorerNode | undefined, read: () => Promise<T>): Promise<T> {
    return this.#reading.during(place, read);
  }

  isRead(node: ExplorerNode): boolean {
    return this.#reading.isRead(node);
  }

  /** The rows below one that is drawn again for its own sake; undefined when they are to be read. */
  knownBelow(node: ExplorerNode): ExplorerNode[] | undefined {
    return this.#knownBelow.delete(node) ? this.#shown.childrenOf(node) : undefined;
  }

  /** A row looks otherwise: it is drawn in one of the next turns. */
  later(node: ExplorerNode): void {
    this.#due.add(node);
  }

  /** Draws what is due. */
  takeTurn(): void {
    this.#turn += 1;
    for (const node of this.#due) if (this.#mayDraw(node)) this.again(node);
    this.#remind();
  }

  /** Draws a row anew, with what is known to be below it. */
  again(node: ExplorerNode): void {
    this.#reading.whenSettled(node, () => {
      for (const below of this.#unfoldedWithin(node)) this.#knownBelow.add(below);
      this.#draw(node);
    });
  }

  /** Has VS Code ask for what is below a row, and below all that is unfolded there. */
  readAgain(node: ExplorerNode): void {
    this.#reading.whenSettled(node, () => {
      for (const below of this.#unfoldedWithin(node)) this.#knownBelow.delete(below);
      this.#draw(node);
    });
  }

  /** The topmost rows came or went. While they are read, they are read as they then are. */
  all(): void {
    if (this.#reading.isRead(undefined)) return;
    this.#reading.whenSettled(undefined, () => {
      this.#timesAll += 1;
      this.#knownBelow.clear();
      this.#fire(undefined);
    });
  }

  #draw(node: ExplorerNode): void {
    this.#due.delete(node);
    this.#drawnIn.set(node, this.#turn);
    this.#fire(node);
  }

  #mayDraw(node: ExplorerNode): boolean {
    if (this.#reading.isUnsettled(node)) return false;
    if (!this.#shown.isUnfolded(node) || this.#shown.childrenOf(node).length === 0) return true;
    return this.#turn - (this.#drawnIn.get(node) ?? -TURNS_BETWEEN) >= TURNS_BETWEEN;
  }

  /** VS Code loses rows that change between its being given them and its asking what is below: it asks when they change once more. */
  #remind(): void {
    for (const node of this.#shown.unasked()) {
      const reminders = this.#reminders.get(node) ?? 0;
      if (reminders === MAX_REMINDERS || this.#reading.isUnsettled(node)) continue; // It may have been folded in an earlier window.
      this.#reminders.set(node, reminders + 1);
      this.#fire(node);
    }
  }

  #unfoldedWithin(node: ExplorerNode): ExplorerNode[] {
    return this.#shown.unfolded().filter((below) => this.#isWithin(below, node));
  }

  #isWithin(node: ExplorerNode, ancestor: ExplorerNode): boolean {
    const parent = this.#shown.parentOf(node);
    return node === ancestor || (parent !== undefined && this.#isWithin(parent, ancestor));
  }
}
