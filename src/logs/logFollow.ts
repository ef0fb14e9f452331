import { logLine } from "../calls/logLine.ts";
import type { LogLine } from "../calls/model.ts";
import { keepTrying } from "../calls/reconnect.ts";
import type { FunctionCallService, LogEntry, LogService } from "../client/index.ts";
import type { LogOrigin } from "./logOrigin.ts";

/** What following needs of a `ModalClient`. */
export interface LogServer {
  readonly logs: Pick<LogService, "stream">;
  readonly calls: Pick<FunctionCallService, "fromId">;
}

/** How the following stands. */
export type LogStatus =
  | { readonly kind: "following" }
  /** Nothing more will come. */
  | { readonly kind: "ended" }
  /** One sentence. `passes`: the server is asked again. */
  | { readonly kind: "problem"; readonly message: string; readonly passes: boolean };

/** Something new: lines that came, or that the following stands otherwise. */
export type LogNews =
  | { readonly type: "lines"; readonly lines: readonly LogLine[] }
  | { readonly type: "status"; readonly status: LogStatus };

/** News is collected for so long before the listener hears of it. */
const BATCH_MS = 50;

/** What is kept for a listener that comes back. */
const MOST_PIECES = 20_000;
const MOST_CHARACTERS = 8_000_000;

/** Errors that another try does not mend, by their names: an import of their classes would load the client. */
const FOR_GOOD = new Set(["NotFoundError", "AuthError", "PermissionDeniedError", "InvalidError"]);

/**
 * Follows logs while somebody listens, also when containers restart, and when the server goes away and comes back. What came stays
 * when the listener goes, within limits, and following goes on from there with the next one.
 */
export class LogFollow {
  readonly origin: LogOrigin;
  readonly #connect: () => Promise<LogServer>;
  #listener: ((news: LogNews) => void) | undefined;
  #following = new AbortController();
  #pieces: LogLine[] = [];
  #characters = 0;
  #news: LogLine[] = [];
  #batch: NodeJS.Timeout | undefined;
  #cursor = "";
  #status: LogStatus = { kind: "following" };

  /** @param connect asked whenever the server is needed, so that it may come back elsewhere */
  constructor(origin: LogOrigin, connect: () => Promise<LogServer>) {
    this.origin = origin;
    this.#connect = connect;
  }

  /** Tells everything that is known, then what is new, until `stop`. There is one listener; a new one takes its place. */
  start(listener: (news: LogNews) => void): void {
    this.stop();
    this.#listener = listener;
    this.#following = new AbortController();
    if (this.#pieces.length > 0) listener({ type: "lines", lines: this.#pieces });
    listener({ type: "status", status: this.#status });
    if (this.#status.kind !== "ended") void this.#follow(this.#following.signal);
  }

  /** Ends all requests. */
  stop(): void {
    this.#following.abort();
    this.#listener = undefined;
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#news = [];
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const run = () => this.#read(signal);
    const mayPass = (error: unknown) => !(error instanceof Error && FOR_GOOD.has(error.name));
    const onProblem = (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: "problem", message, passes: mayPass(error) });
    };
    await keepTrying({ run, mayPass, onProblem }, signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const server = await this.#connect();
    if (signal.aborted) return;
    this.#tell({ kind: "following" });
    for await (const entry of this.#stream(server, signal)) {
      if (signal.aborted) return;
      this.#cursor = entry.cursor;
      this.#add(logLine(entry));
    }
    if (!signal.aborted) this.#tell({ kind: "ended" });
  }

  #stream(server: LogServer, signal: AbortSignal): AsyncIterable<LogEntry> {
    const { appId, functionId, functionCallId, taskId } = this.origin;
    const options = { follow: true, cursor: this.#cursor, signal };
    if (functionCallId) return server.calls.fromId(functionCallId).logs.stream(options);
    return server.logs.stream({ ...options, appId, functionId, taskId });
  }

  #add(line: LogLine): void {
    this.#pieces.push(line);
    this.#characters += line.text.length;
    if (this.#pieces.length > MOST_PIECES * 1.1 || this.#characters > MOST_CHARACTERS * 1.1) this.#dropOldest();
    this.#news.push(line);
    this.#batch ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #dropOldest(): void {
    let surplus = Math.max(0, this.#pieces.length - MOST_PIECES);
    let dropped = this.#pieces.slice(0, surplus).reduce((sum, { text }) => sum + text.length, 0);
    while (this.#characters - dropped > MOST_CHARACTERS) dropped += this.#pieces[surplus++]?.text.length ?? 0;
    this.#pieces = this.#pieces.slice(surplus);
    this.#characters -= dropped;
  }

  #flush(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    const lines = this.#news;
    this.#news = [];
    if (lines.length > 0) this.#listener?.({ type: "lines", lines });
  }

  #tell(status: LogStatus): void {
    this.#flush();
    this.#status = status;
    this.#listener?.({ type: "status", status });
  }
}
