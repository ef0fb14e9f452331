import type { StartWorker, WorkerEvents } from "./worker.ts";

/** What became of a container. Times in unix seconds, 0 for what has not happened. */
export interface ContainerRecord {
  readonly taskId: string;
  readonly appId: string;
  readonly enqueuedAt: number;
  /** When it was ready for inputs. */
  startedAt: number;
  finishedAt: number;
  /** Why it ended, unless it was told to. */
  exception: string;
}

/** Containers that ended and are still known. */
const MAX_FINISHED = 1_000;

/** How a process ends that was told to, or has nothing left to do. */
const NORMAL_END = "ended with exit code 0";

/** Remembers the containers of this engine's run: those that live, and the last that ended. */
export class ContainerRecords {
  readonly #live = new Map<string, ContainerRecord>();
  readonly #finished = new Map<string, ContainerRecord>();
  readonly #now: () => number;
  /** Told at each end of a container. */
  readonly #waiting = new Set<() => void>();

  /** @param now unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get(taskId: string): ContainerRecord | undefined {
    return this.#live.get(taskId) ?? this.#finished.get(taskId);
  }

  /** Resolves when an app has no container. */
  gone(appId: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if ([...this.#live.values()].some((record) => record.appId === appId)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Starts containers in the same way, and remembers each. */
  recording(startWorker: StartWorker): StartWorker {
    return (launch, events) => {
      const { taskId, app } = launch;
      const at = this.#seconds();
      const record = { taskId, appId: app.id, enqueuedAt: at, startedAt: 0, finishedAt: 0, exception: "" };
      const worker = startWorker(launch, this.#watched(record, events));
      this.#live.set(taskId, record);
      return worker;
    };
  }

  #watched(record: ContainerRecord, events: WorkerEvents): WorkerEvents {
    return {
      ...events,
      ready: () => {
        record.startedAt = this.#seconds();
        events.ready();
      },
      failed: (failure) => {
        record.exception = failure.exception;
        events.failed(failure);
      },
      exited: (reason, outOfMemory) => {
        record.finishedAt = this.#seconds();
        if (reason !== NORMAL_END) record.exception ||= `The container's Python process ${reason}.`;
        this.#end(record);
        events.exited(reason, outOfMemory);
        for (const look of this.#waiting) look();
      },
    };
  }

  #end(record: ContainerRecord): void {
    this.#live.delete(record.taskId);
    this.#finished.set(record.taskId, record);
    for (const oldest of this.#finished.keys()) {
      if (this.#finished.size <= MAX_FINISHED) break;
      this.#finished.delete(oldest);
    }
  }

  #seconds(): number {
    return this.#now() / 1_000;
  }
}
