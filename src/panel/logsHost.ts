import type { LogFollow, LogNews } from "../logs/logFollow.ts";
import type { LogHostMessage, LogLine, LogPageMessage } from "./logMessages.ts";

/** One message must not keep the page busy for longer than a frame or two. */
const LINES_PER_MESSAGE = 2_000;

/** What the page may ask for. Each reports its own failures. */
export interface LogActions {
  choose(): void;
  save(text: string): void;
}

/**
 * Speaks with the page of logs: everything known when the page is ready, news from then on, nothing while it is hidden. A page that is
 * shown again loads anew, says `ready` and gets everything.
 */
export class LogsHost {
  readonly #post: (message: LogHostMessage) => void;
  readonly #actions: LogActions;
  #follow: LogFollow | undefined;
  #isShown = false;

  constructor(post: (message: LogHostMessage) => void, actions: LogActions) {
    this.#post = post;
    this.#actions = actions;
  }

  /** Shows other logs. Undefined: nobody has chosen any. */
  show(follow: LogFollow | undefined): void {
    this.#follow?.stop();
    this.#follow = follow;
    if (this.#isShown) this.#start();
  }

  receive(message: LogPageMessage): void {
    switch (message.type) {
      case "ready":
        this.#isShown = true;
        this.#start();
        break;
      case "choose":
        this.#actions.choose();
        break;
      case "save":
        this.#actions.save(message.text);
        break;
    }
  }

  /** The page is hidden or gone. */
  stop(): void {
    this.#isShown = false;
    this.#follow?.stop();
  }

  #start(): void {
    this.#post({ type: "reset", title: this.#follow?.origin.title });
    this.#follow?.start((news) => this.#send(news));
  }

  #send(news: LogNews): void {
    for (const message of news.type === "lines" ? inPieces(news.lines) : [news]) this.#post(message);
  }
}

function* inPieces(lines: readonly LogLine[]): Generator<LogHostMessage> {
  for (let start = 0; start < lines.length; start += LINES_PER_MESSAGE) {
    yield { type: "lines", lines: lines.slice(start, start + LINES_PER_MESSAGE) };
  }
}
