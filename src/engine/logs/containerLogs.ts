import type { InputKey } from "../ids.ts";
import type { LogFilter, StoredLog } from "../store/logStore.ts";
import type { Store } from "../store/store.ts";
import type { WorkerLaunch, WorkerLog } from "../workers/worker.ts";
import { OutputLimit } from "./outputLimit.ts";

/** Records per read of a follower. */
const PAGE = 500;
/** What is printed outside any input counts anew after this long, for containers may live for days. */
const OUTSIDE_INPUTS_SECONDS = 600;

/** What containers write: kept, and handed on to those who follow. */
export class ContainerLogs {
  readonly #store: Store;
  readonly #limit: OutputLimit;
  readonly #followers = new Set<() => void>();

  /** @param limitBytes what is kept of each input's output, and of each container's own in ten minutes */
  constructor(store: Store, limitBytes: number) {
    this.#store = store;
    this.#limit = new OutputLimit(limitBytes);
  }

  record(launch: WorkerLaunch, log: WorkerLog): void {
    const data = this.#limit.admit(sourceOf(launch, log), log.text);
    if (data === "") return;
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

function sourceOf({ taskId }: WorkerLaunch, { input, at }: WorkerLog): string {
  return input === undefined ? `${taskId} ${Math.floor(at / OUTSIDE_INPUTS_SECONDS)}` : String(input);
}
