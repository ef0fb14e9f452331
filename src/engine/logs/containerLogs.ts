import type { InputKey } from "../ids.ts";
import type { LogFilter, StoredLog } from "../store/logStore.ts";
import type { Store } from "../store/store.ts";
import type { WorkerLaunch, WorkerLog } from "../workers/worker.ts";

/** Records per read of a follower. */
const PAGE = 500;
/** One print of this many characters is kept whole; more of it is cut, with a note. */
const MAX_TEXT = 1_000_000;

/** What containers write: kept, and handed on to those who follow. */
export class ContainerLogs {
  readonly #store: Store;
  readonly #followers = new Set<() => void>();

  constructor(store: Store) {
    this.#store = store;
  }

  record(launch: WorkerLaunch, log: WorkerLog): void {
    const data =
      log.text.length > MAX_TEXT ? `${log.text.slice(0, MAX_TEXT)}… (cut at ${MAX_TEXT} characters)\n` : log.text;
    const record = {
      appId: launch.app.id,
      functionId: launch.functionId,
      taskId: launch.taskId,
      input: log.input as InputKey | undefined,
      fileDescriptor: log.fileDescriptor,
      at: log.at,
      data,
    };
    this.#store.database
      .write(() => this.#store.logs.insert(record))
      .then(
        () => this.#wake(),
        (error: unknown) => process.stderr.write(`A log line was lost: ${String(error)}\n`),
      );
  }

  /** The last records that match, oldest first. */
  last(filter: LogFilter, limit: number): StoredLog[] {
    return this.#store.logs.last(filter, limit);
  }

  /** How many records match, by span of time and source; see `LogStore.count`. */
  count(filter: LogFilter, bucketSeconds: number): Map<number, Map<number, number>> {
    return this.#store.logs.count(filter, bucketSeconds);
  }

  /** Pages of records after an entry: what is there already, then what comes until the signal aborts. */
  async *follow(entry: number, filter: LogFilter, signal: AbortSignal): AsyncGenerator<StoredLog[]> {
    let cursor = entry;
    for (;;) {
      const page = this.#store.logs.after(cursor, filter, PAGE);
      cursor = page.at(-1)?.entry ?? cursor;
      if (page.length > 0) yield page;
      else if (signal.aborted) return;
      else await this.#more(signal);
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#followers.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#followers.add(done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }

  #wake(): void {
    for (const follower of [...this.#followers]) follower();
  }
}
