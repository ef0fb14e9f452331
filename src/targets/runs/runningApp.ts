import { setTimeout as delay } from "node:timers/promises";
import type { LogEntry } from "../../client/index.ts";
import type { LocalTarget } from "../localTarget.ts";

const ATTEND_AGAIN_MS = 200;

/** An app that this process runs: keeps it alive, and passes on what its containers print. */
export class RunningApp {
  readonly appId: string;
  readonly #target: LocalTarget;
  readonly #onLog: (entry: LogEntry) => void;
  readonly #left = new AbortController();
  readonly #attended: Promise<void>;
  readonly #logsRead = new AbortController();
  readonly #logs: Promise<void>;
  #cursor: string | undefined;

  constructor(target: LocalTarget, appId: string, onLog: (entry: LogEntry) => void) {
    this.#target = target;
    this.appId = appId;
    this.#onLog = onLog;
    this.#attended = this.#attend();
    this.#logs = this.#readLogs({ follow: true }).catch(() => {}); // What is missed is read at the end.
  }

  /** Stops the app, and returns when everything that it has printed was passed on. */
  async stop(): Promise<void> {
    const modal = await this.#target.modal();
    await modal.apps.stop(this.appId);
    await this.#attended;
    await this.#end();
  }

  /** Leaves the app to itself: a detached one goes on until its calls are finished. */
  async leave(): Promise<void> {
    this.#left.abort();
    await this.#attended;
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#logsRead.abort();
    await this.#logs;
    await this.#readLogs({ follow: false });
  }

  /** Until the app is over, or was left. An engine that died is waited for: the app is there again with it. */
  async #attend(): Promise<void> {
    const { signal } = this.#left;
    for (;;) {
      try {
        const engine = await this.#target.engine();
        return await engine.attendRun(this.appId, signal);
      } catch {
        if (signal.aborted || !(await this.#lives())) return;
        await delay(ATTEND_AGAIN_MS);
      }
    }
  }

  async #lives(): Promise<boolean> {
    try {
      const modal = await this.#target.modal();
      return (await modal.apps.info(this.appId)).state !== "STOPPED";
    } catch {
      return false;
    }
  }

  async #readLogs({ follow }: { follow: boolean }): Promise<void> {
    const modal = await this.#target.modal();
    const signal = follow ? this.#logsRead.signal : undefined;
    for await (const entry of modal.logs.stream({ appId: this.appId, follow, cursor: this.#cursor, signal })) {
      this.#cursor = entry.cursor;
      this.#onLog(entry);
    }
  }
}
