import { effect, signal } from "@preact/signals";
import type {
  ComparedCallName,
  ComparedPair,
  ComparedRow,
  ComparedWindow,
  CompareHostMessage,
  ComparePageMessage,
  ComparePageState,
  CompareSide,
  Sides,
  Verdict,
} from "../../panel/compareMessages.ts";
import type { CallSummary } from "../../panel/messages.ts";
import { ValueParts } from "../results/valueParts.ts";

/** The part of VS Code's webview API that the page uses. */
export interface ComparePageApi {
  postMessage(message: ComparePageMessage): void;
  setState(state: ComparePageState): void;
  getState(): ComparePageState | undefined;
}

/** Windows begin at multiples of this, and are so much larger than what is in view on either side. */
const STEP_ROWS = 100;

/** What the page of a comparison knows, and what the reader has chosen to see of it. */
export class ComparePage {
  /** Undefined until the host has told of them. */
  readonly calls = signal<Sides<CallSummary> | undefined>(undefined);
  readonly window = signal<ComparedWindow | undefined>(undefined);
  /** Only rows with this verdict. Undefined: all. */
  readonly verdict = signal<Verdict | undefined>(undefined);
  readonly openedIndex = signal<number | undefined>(undefined);
  /** Both results of the opened row, once they are there. */
  readonly pair = signal<ComparedPair | undefined>(undefined);
  /** The way to parts of large values. */
  readonly parts: Sides<ValueParts>;
  readonly #api: ComparePageApi;
  #number = 0;
  /** Answers to earlier looks are to another selection. */
  #firstNumber = 0;
  #asked = "";
  /** Where the reader opened a row last; -1 for nowhere. */
  openedPosition = -1;
  /** The row there is opened as soon as it comes. */
  #isAwaited = false;

  constructor(api: ComparePageApi) {
    this.#api = api;
    const parts = (side: CompareSide) =>
      new ValueParts((number, index, part) => api.postMessage({ type: "part", side, number, index, part }));
    this.parts = { left: parts("left"), right: parts("right") };
    const kept = api.getState();
    this.verdict.value = kept?.verdict;
    if (kept?.openedIndex !== undefined) this.open(kept.openedIndex);
    effect(() => this.#remember());
  }

  ready(): void {
    this.#api.postMessage({ type: "ready" });
  }

  apply(message: CompareHostMessage): void {
    switch (message.type) {
      case "calls":
        this.calls.value = message.calls;
        break;
      case "rows":
        this.#show(message.window);
        break;
      case "pair":
        if (message.pair.index === this.openedIndex.value) this.pair.value = message.pair;
        break;
      case "part":
        this.parts[message.side].answer(message.number, message.content);
        break;
    }
  }

  /** The row at a position of what is selected. Undefined while the page does not have it. */
  at(position: number): ComparedRow | undefined {
    const window = this.window.value;
    return window?.rows[position - window.first];
  }

  /** Looks at the rows from one position to before another. */
  lookAt(start: number, end: number): void {
    const first = Math.max(0, Math.floor(start / STEP_ROWS) - 1) * STEP_ROWS;
    const count = (Math.ceil(end / STEP_ROWS) + 1) * STEP_ROWS - first;
    const verdict = this.verdict.peek();
    const asked = JSON.stringify([verdict ?? null, first, count]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#number += 1;
    this.#api.postMessage({ type: "look", number: this.#number, verdict, first, count });
  }

  /** @param verdict undefined for all rows */
  select(verdict: Verdict | undefined): void {
    this.verdict.value = verdict;
    this.openedPosition = -1;
    this.#isAwaited = false;
    this.#firstNumber = this.#number + 1;
    this.lookAt(0, STEP_ROWS);
  }

  /** Opens the row at a position, which may have to come first. */
  openAt(position: number): void {
    this.openedPosition = position;
    const row = this.at(position);
    this.#isAwaited = row === undefined;
    if (row) this.open(row.index);
  }

  /** Shows both results of an input in full, or no longer. */
  open(index: number | undefined): void {
    this.openedIndex.value = index;
    this.pair.value = undefined;
    if (index !== undefined) this.#api.postMessage({ type: "pair", index });
  }

  openDifferences(index: number): void {
    this.#api.postMessage({ type: "openDifferences", index });
  }

  showCall(side: CompareSide): void {
    this.#api.postMessage({ type: "showCall", side });
  }

  swap(): void {
    this.#api.postMessage({ type: "swap" });
  }

  /** @param line from 1 */
  openFile(path: string, line: number): void {
    this.#api.postMessage({ type: "openFile", path, line });
  }

  #show(window: ComparedWindow): void {
    if (window.look < this.#firstNumber) return;
    this.window.value = window;
    if (this.#isAwaited && this.at(this.openedPosition)) this.openAt(this.openedPosition);
  }

  #remember(): void {
    const calls = this.calls.value;
    if (!calls) return;
    this.#api.setState({
      calls: { left: nameOf(calls.left), right: nameOf(calls.right) },
      verdict: this.verdict.value,
      openedIndex: this.openedIndex.value,
    });
  }
}

function nameOf({ functionCallId, targetId }: CallSummary): ComparedCallName {
  return { functionCallId, targetId };
}
