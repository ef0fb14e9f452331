import type { CallEvent } from "../calls/callState.ts";
import type { CallWatch } from "../calls/callWatch.ts";
import type { HostMessage, PageMessage, ResultRow } from "./messages.ts";

/** One message must not keep the page busy for longer than a frame or two. */
const ROWS_PER_MESSAGE = 2_000;

/** What the page may ask for besides values. Each reports its own failures. */
export interface PanelActions {
  cancel(options: { terminateContainers: boolean }): void;
  runAgain(): void;
  openSource(functionCallId: string): void;
  openInEditor(index: number): void;
}

/**
 * Speaks with one page about one call: everything known when the page is ready, news from then on, nothing while it is
 * hidden. A page that is shown again loads anew, says `ready` and gets everything.
 */
export class PanelHost {
  readonly #watch: CallWatch;
  readonly #post: (message: HostMessage) => void;
  readonly #actions: PanelActions;
  #unsubscribe: (() => void) | undefined;

  constructor(watch: CallWatch, post: (message: HostMessage) => void, actions: PanelActions) {
    this.#watch = watch;
    this.#post = post;
    this.#actions = actions;
  }

  receive(message: PageMessage): void {
    switch (message.type) {
      case "ready":
        this.#start();
        break;
      case "value":
        void this.#sendValue(message.index);
        break;
      case "cancel":
        this.#actions.cancel({ terminateContainers: message.terminateContainers });
        break;
      case "runAgain":
        this.#actions.runAgain();
        break;
      case "openSource":
        this.#actions.openSource(message.functionCallId);
        break;
      case "openInEditor":
        this.#actions.openInEditor(message.index);
        break;
    }
  }

  /** The page is hidden or gone. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #start(): void {
    this.stop();
    this.#post({ type: "reset", call: this.#watch.summary });
    this.#unsubscribe = this.#watch.subscribe((event) => this.#send(event));
  }

  #send(event: CallEvent): void {
    for (const message of event.type === "rows" ? inPieces(event.rows) : [event]) this.#post(message);
  }

  async #sendValue(index: number): Promise<void> {
    try {
      this.#post({ type: "value", index, value: await this.#watch.value(index) });
    } catch (error) {
      this.#post({ type: "failed", index, message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function* inPieces(rows: readonly ResultRow[]): Generator<HostMessage> {
  for (let start = 0; start < rows.length; start += ROWS_PER_MESSAGE) {
    yield { type: "rows", rows: rows.slice(start, start + ROWS_PER_MESSAGE) };
  }
}
