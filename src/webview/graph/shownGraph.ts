import { signal } from "@preact/signals";
import type { BoxChoice, GraphBox, GraphOutline } from "../../panel/messages.ts";

/** What the reader sees of the call graph: the host draws up what was chosen, and nothing else of it is on the page. */
export class ShownGraph {
  /** Undefined until the host has told of it. */
  readonly outline = signal<GraphOutline | undefined>(undefined);
  /** Id of the element that has, or last had, the focus. */
  readonly activeId = signal<string | undefined>(undefined);
  readonly #choices = signal<ReadonlyMap<string, BoxChoice>>(new Map());

  /** In the order in which they were made. */
  get choices(): readonly BoxChoice[] {
    return [...this.#choices.value.values()];
  }

  restore(choices: readonly BoxChoice[]): void {
    this.#choices.value = new Map(choices.map((choice) => [choice.key, choice]));
  }

  expand({ key }: GraphBox, isExpanded: boolean): void {
    this.#choose({ key, isExpanded });
  }

  /** Shows what a box sums up one by one, or folds it again. */
  unfold({ key }: GraphBox, isUnfolded: boolean): void {
    this.#choose({ key, isUnfolded, first: 0, ...(isUnfolded && { isExpanded: true }) });
  }

  /** Shows what is below a box from a position on. */
  showFrom({ key }: GraphBox, first: number): void {
    this.#choose({ key, isExpanded: true, first: Math.max(0, first) });
  }

  /** Forgets the graph of another call. */
  clear(): void {
    this.outline.value = undefined;
    this.activeId.value = undefined;
  }

  /** Forgets, besides, what was opened in it. */
  startOver(): void {
    this.clear();
    this.#choices.value = new Map();
  }

  #choose(choice: BoxChoice): void {
    const choices = new Map(this.#choices.value);
    choices.set(choice.key, { ...choices.get(choice.key), ...choice });
    this.#choices.value = choices;
  }
}
