import type { ComparedCall } from "../calls/compare/comparedCall.ts";
import type { Comparison } from "../calls/compare/comparison.ts";
import { openedDifferences } from "../calls/compare/valueDifferences.ts";
import type { OpenedValue } from "../calls/results/openedValue.ts";
import type { ComparedValue, CompareHostMessage, ComparePageMessage, CompareSide } from "./compareMessages.ts";

/** What the page may ask for besides rows and values. Each reports its own failures. */
export interface CompareActions {
  openDifferences(index: number): void;
  showCall(side: CompareSide): void;
  swap(): void;
  /** @param line from 1 */
  openFile(path: string, line: number): void;
}

type Look = Extract<ComparePageMessage, { type: "look" }>;

/** News is collected for so long before the page hears of it: each time all inputs are gone through. */
const BATCH_MS = 200;

/** Speaks with one page about two calls, which are read only while it is visible. Of rows, it sends those that the page looks at. */
export class CompareHost {
  readonly #comparison: Comparison;
  readonly #post: (message: CompareHostMessage) => void;
  readonly #actions: CompareActions;
  #look: Look | undefined;
  #following: AbortController | undefined;
  #batch: NodeJS.Timeout | undefined;

  /** @param compare builds the comparison; it tells what it is given of every change */
  constructor(
    compare: (onNews: () => void) => Comparison,
    post: (message: CompareHostMessage) => void,
    actions: CompareActions,
  ) {
    this.#comparison = compare(() => this.#schedule());
    this.#post = post;
    this.#actions = actions;
  }

  get comparison(): Comparison {
    return this.#comparison;
  }

  receive(message: ComparePageMessage): void {
    switch (message.type) {
      case "ready":
        this.#start();
        break;
      case "look":
        this.#look = message;
        this.#sendRows();
        break;
      case "pair":
        void this.#sendPair(message.index);
        break;
      case "part":
        void this.#sendPart(message);
        break;
      case "openDifferences":
        this.#actions.openDifferences(message.index);
        break;
      case "showCall":
        this.#actions.showCall(message.side);
        break;
      case "swap":
        this.#actions.swap();
        break;
      case "openFile":
        this.#actions.openFile(message.path, message.line);
        break;
    }
  }

  /** The page is hidden or gone. */
  stop(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#look = undefined;
    clearTimeout(this.#batch);
    this.#batch = undefined;
  }

  #start(): void {
    this.stop();
    this.#following = new AbortController();
    this.#sendCalls();
    void this.#comparison.follow(this.#following.signal);
  }

  #schedule(): void {
    if (!this.#following) return;
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      this.#sendCalls();
      this.#sendRows();
    }, BATCH_MS);
  }

  #sendCalls(): void {
    const { left, right } = this.#comparison;
    this.#post({ type: "calls", calls: { left: left.summary, right: right.summary } });
  }

  /** Nothing while the page has not said which rows it wants. */
  #sendRows(): void {
    if (!this.#look) return;
    const { number: look, verdict, count } = this.#look;
    const { indexes, counts } = this.#comparison.select(verdict);
    const first = Math.max(0, Math.min(this.#look.first, indexes.length - count));
    const rows = indexes.slice(first, first + count).flatMap((index) => this.#comparison.row(index) ?? []);
    this.#post({ type: "rows", window: { look, first, rows, matching: indexes.length, counts } });
  }

  async #sendPair(index: number): Promise<void> {
    const { left, right } = this.#comparison;
    const [one, other] = await Promise.all([opened(left, index), opened(right, index)]);
    const values = { left: shown(one), right: shown(other) };
    const isBoth = typeof one === "object" && typeof other === "object";
    this.#post({
      type: "pair",
      pair: { index, values, differences: isBoth ? openedDifferences(one, other) : undefined },
    });
  }

  async #sendPart({ number, side, index, part }: Extract<ComparePageMessage, { type: "part" }>): Promise<void> {
    const value = await opened(this.#comparison[side], index);
    this.#post({ type: "part", side, number, content: typeof value === "object" ? value.part(part) : {} });
  }
}

/** A result, or why it cannot be had. Undefined: the call has none there. */
async function opened(call: ComparedCall, index: number): Promise<OpenedValue | string | undefined> {
  if (!call.rows.get(index)) return undefined;
  try {
    return await call.opened(index);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function shown(value: OpenedValue | string | undefined): ComparedValue {
  if (value === undefined) return { state: "none" };
  return typeof value === "string" ? { state: "failed", message: value } : { state: "ready", value: value.beginning() };
}
