import type { CallForest } from "../calls/callForest.ts";
import type { CallEvent } from "../calls/callState.ts";
import type { CallWatch } from "../calls/callWatch.ts";
import { graphOutline } from "../calls/graphOutline.ts";
import type { BoxChoice, CallAction, GraphAction, HostMessage, PageMessage, ResultAction } from "./messages.ts";
import { RowsDesk } from "./rowsDesk.ts";

/** What the page may ask for besides values. Each reports its own failures. */
export interface PanelActions {
  cancel(options: { terminateContainers: boolean }): void;
  act(action: CallAction): void;
  actOnCall(action: GraphAction, functionCallId: string): void;
  /** @param line from 1 */
  openFile(path: string, line: number): void;
  actOnResult(action: ResultAction, index: number): void;
}

/**
 * Speaks with one page about one call: what is known when the page is ready, news from then on, nothing while it is
 * hidden. Of rows, it sends those that the page looks at. A page that is shown again loads anew and says `ready`.
 */
export class PanelHost {
  readonly #watch: CallWatch;
  readonly #post: (message: HostMessage) => void;
  readonly #actions: PanelActions;
  readonly #desk: RowsDesk;
  #forest: CallForest | undefined;
  #graphChoices: readonly BoxChoice[] | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(watch: CallWatch, post: (message: HostMessage) => void, actions: PanelActions) {
    this.#watch = watch;
    this.#post = post;
    this.#actions = actions;
    this.#desk = new RowsDesk(watch.rows);
  }

  receive(message: PageMessage): void {
    switch (message.type) {
      case "ready":
        this.#start();
        break;
      case "look":
        this.#desk.look(message);
        this.#sendRows();
        break;
      case "showGraph":
        this.#showGraph(message.choices);
        break;
      case "showWaterfall":
        this.#watch.showWaterfall(message.isShown);
        break;
      case "lookAtWaterfall":
        void this.#sendWaterfall(message);
        break;
      case "lookAtLatency":
        void this.#sendLatency(message);
        break;
      case "value":
        void this.#sendValue(message.index);
        break;
      case "part":
        void this.#sendPart(message);
        break;
      case "cancel":
        this.#actions.cancel({ terminateContainers: message.terminateContainers });
        break;
      case "act":
        this.#actions.act(message.action);
        break;
      case "openFile":
        this.#actions.openFile(message.path, message.line);
        break;
      case "actOnCall":
        this.#actions.actOnCall(message.action, message.functionCallId);
        break;
      case "actOnResult":
        this.#actions.actOnResult(message.action, message.index);
        break;
    }
  }

  /** The page is hidden or gone. */
  stop(): void {
    this.#showGraph(undefined);
    this.#watch.showWaterfall(false);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #start(): void {
    this.stop();
    this.#desk.forget();
    this.#post({ type: "reset", call: this.#watch.summary });
    this.#unsubscribe = this.#watch.subscribe((event) => this.#send(event));
  }

  #send(event: CallEvent): void {
    if (event.type === "rows") this.#sendRows();
    else if (event.type === "graph") this.#takeGraph(event.forest);
    else this.#post(event);
  }

  /** Undefined: the page does not look at the graph. */
  #showGraph(choices: readonly BoxChoice[] | undefined): void {
    const wasShown = this.#graphChoices !== undefined;
    const isShown = choices !== undefined;
    this.#graphChoices = choices;
    if (!isShown) this.#forest = undefined;
    if (isShown !== wasShown) this.#watch.showGraph(isShown);
    else this.#sendGraph();
  }

  #takeGraph(forest: CallForest): void {
    this.#forest = forest;
    this.#sendGraph();
  }

  #sendGraph(): void {
    if (!this.#forest || !this.#graphChoices) return;
    this.#post({ type: "graph", outline: graphOutline(this.#forest, this.#graphChoices) });
  }

  /** Nothing while the page has not said which rows it wants. */
  #sendRows(): void {
    const window = this.#desk.window();
    if (window) this.#post({ type: "rows", window });
  }

  async #sendWaterfall({ number, wanted }: Extract<PageMessage, { type: "lookAtWaterfall" }>): Promise<void> {
    this.#post({ type: "waterfall", number, answer: await this.#watch.waterfall(wanted) });
  }

  async #sendLatency({ number, wanted }: Extract<PageMessage, { type: "lookAtLatency" }>): Promise<void> {
    this.#post({ type: "latency", number, answer: await this.#watch.latency(wanted) });
  }

  async #sendValue(index: number): Promise<void> {
    try {
      this.#post({ type: "value", index, value: (await this.#watch.opened(index)).beginning() });
    } catch (error) {
      this.#post({ type: "failed", index, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #sendPart({ number, index, part }: Extract<PageMessage, { type: "part" }>): Promise<void> {
    try {
      this.#post({ type: "part", number, content: (await this.#watch.opened(index)).part(part) });
    } catch (error) {
      this.#post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }
}
