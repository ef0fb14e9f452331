import { computed, effect, signal } from "@preact/signals";
import type { LogHostMessage, LogPageMessage, LogPageState, LogStatus } from "../../panel/logMessages.ts";
import { plainText } from "../logs/ansiText.ts";
import { LogLines, type ShownLine } from "../logs/logLines.ts";
import { LineFilter } from "./lineFilter.ts";

/** The part of VS Code's webview API that the page uses. */
export interface LogPageApi {
  postMessage(message: LogPageMessage): void;
  setState(state: LogPageState): void;
  getState(): LogPageState | undefined;
}

const MINUTE_MS = 60_000;

/** What the page of logs knows, and what the reader has chosen to see of it. */
export class LogPage {
  readonly logs = new LogLines();
  /** Whose logs; undefined when nobody has chosen. */
  readonly title = signal<string | undefined>(undefined);
  readonly status = signal<LogStatus>({ kind: "following" });
  /** Whether the extension host has said anything yet. */
  readonly isReady = signal(false);
  readonly filter = signal("");
  readonly sinceMinutes = signal(0);
  readonly wrap = signal(false);
  readonly timestamps = signal(true);
  readonly #api: LogPageApi;
  readonly #lineFilter = new LineFilter();
  /** When the reader chose how far to look back counts, so that lines do not go while they are read. */
  readonly #sinceMs = computed(() =>
    this.sinceMinutes.value === 0 ? 0 : Date.now() - this.sinceMinutes.value * MINUTE_MS,
  );

  constructor(api: LogPageApi) {
    this.#api = api;
    const kept = api.getState();
    if (kept) {
      this.filter.value = kept.filter;
      this.sinceMinutes.value = kept.sinceMinutes;
      this.wrap.value = kept.wrap;
      this.timestamps.value = kept.timestamps;
    }
    effect(() =>
      api.setState({
        filter: this.filter.value,
        sinceMinutes: this.sinceMinutes.value,
        wrap: this.wrap.value,
        timestamps: this.timestamps.value,
      }),
    );
  }

  /** The lines that fit. Whoever reads them inside a component is told of every change. */
  get shown(): readonly ShownLine[] {
    return this.#lineFilter.passing(this.logs.lines, this.filter.value, this.#sinceMs.value);
  }

  apply(message: LogHostMessage): void {
    switch (message.type) {
      case "reset":
        this.logs.clear();
        this.title.value = message.title;
        this.status.value = { kind: "following" };
        this.isReady.value = true;
        break;
      case "lines":
        this.logs.append(message.lines);
        break;
      case "status":
        this.status.value = message.status;
        break;
    }
  }

  ready(): void {
    this.#api.postMessage({ type: "ready" });
  }

  choose(): void {
    this.#api.postMessage({ type: "choose" });
  }

  /** Saves the lines that are shown, with the times where they are. */
  save(): void {
    const stamp = (at: number) => (this.timestamps.value ? `${new Date(at).toISOString()} ` : "");
    const text = this.shown.map((line) => `${stamp(line.at)}${plainText(line.text)}\n`).join("");
    this.#api.postMessage({ type: "save", text });
  }
}
