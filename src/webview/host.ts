import type {
  BoxChoice,
  CallAction,
  GraphAction,
  HostMessage,
  LatencyWanted,
  PageMessage,
  PageState,
  ResultAction,
  RowsWanted,
  ValuePart,
  WaterfallWanted,
} from "../panel/messages.ts";

/** The part of VS Code's webview API that the page uses. */
interface WebviewApi {
  postMessage(message: PageMessage): void;
  setState(state: PageState): void;
  getState(): PageState | undefined;
}

declare function acquireVsCodeApi(): WebviewApi;

/** What leads to a line of a file. */
export type FileOpener = Pick<Host, "openFile">;

/** The extension host as the page sees it: one named function for each thing that the page can ask for. */
export class Host {
  readonly #api: WebviewApi;
  #look: PageMessage | undefined;

  /** VS Code hands out its API once per page, so there is one `Host`. */
  constructor() {
    this.#api = acquireVsCodeApi();
  }

  /** Hands every message from the extension host to `listener`, all that arrived within one animation frame at once. */
  listen(listener: (messages: readonly HostMessage[]) => void): void {
    let waiting: HostMessage[] = [];
    const deliver = () => {
      const messages = waiting;
      waiting = [];
      listener(messages);
    };
    window.addEventListener("message", (event: MessageEvent<HostMessage>) => {
      if (waiting.push(event.data) === 1) requestAnimationFrame(deliver);
    });
  }

  ready(): void {
    this.#api.postMessage({ type: "ready" });
  }

  /** Asks for rows, of all the looks of one animation frame only for the last one's. */
  lookAtRows(number: number, wanted: RowsWanted, opened: number | undefined): void {
    if (this.#look === undefined) requestAnimationFrame(() => this.#postLook());
    this.#look = { type: "look", number, wanted, opened };
  }

  requestValue(index: number): void {
    this.#api.postMessage({ type: "value", index });
  }

  requestPart(number: number, index: number, part: ValuePart): void {
    this.#api.postMessage({ type: "part", number, index, part });
  }

  /** @param choices undefined: the graph is out of view */
  showGraph(choices: readonly BoxChoice[] | undefined): void {
    this.#api.postMessage({ type: "showGraph", choices });
  }

  showWaterfall(isShown: boolean): void {
    this.#api.postMessage({ type: "showWaterfall", isShown });
  }

  lookAtWaterfall(number: number, wanted: WaterfallWanted): void {
    this.#api.postMessage({ type: "lookAtWaterfall", number, wanted });
  }

  lookAtLatency(number: number, wanted: LatencyWanted): void {
    this.#api.postMessage({ type: "lookAtLatency", number, wanted });
  }

  cancel(options: { readonly terminateContainers: boolean }): void {
    this.#api.postMessage({ type: "cancel", terminateContainers: options.terminateContainers });
  }

  act(action: CallAction): void {
    this.#api.postMessage({ type: "act", action });
  }

  /** @param line from 1 */
  openFile(path: string, line: number): void {
    this.#api.postMessage({ type: "openFile", path, line });
  }

  actOnCall(action: GraphAction, functionCallId: string): void {
    this.#api.postMessage({ type: "actOnCall", action, functionCallId });
  }

  actOnResult(action: ResultAction, index: number): void {
    this.#api.postMessage({ type: "actOnResult", action, index });
  }

  /** What the page kept before it was hidden or the window was reloaded. */
  remembered(): PageState | undefined {
    return this.#api.getState();
  }

  /** Keeps what VS Code needs to bring this page back after the window was reloaded. */
  remember(state: PageState): void {
    this.#api.setState(state);
  }

  #postLook(): void {
    if (this.#look) this.#api.postMessage(this.#look);
    this.#look = undefined;
  }
}
