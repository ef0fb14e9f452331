import type { CallServer, WatchedCall } from "../../src/calls/callServer.ts";
import type {
  AppFunction,
  CallGraphLists,
  GeneratorItem,
  LogEntry,
  Output,
  OutputBatch,
  RunningInput,
} from "../../src/client/index.ts";

/** An output as the client gives it, of a value that needs no decoding. */
export function output(index: number, value: unknown, changes: Partial<Output> = {}): Output {
  const made = {
    index,
    inputId: `in-${index}`,
    taskId: "ta-1",
    status: "SUCCESS",
    retryCount: 0,
    startedAt: 1_000 + index,
    createdAt: 2_000 + index,
    dataFormat: "CBOR",
    size: value instanceof Uint8Array ? value.length : 1,
    isLoaded: true,
    load: () => Promise.resolve(made),
    exception: "",
    traceback: "",
    value: () => value,
    ...changes,
  } as unknown as Output;
  return made;
}

/**
 * A server with one function call, in memory: outputs are given to it one by one, and it can go away and come back.
 * Counts what it is asked, so that tests see that polling stops.
 */
export class FakeServer {
  readonly outputs: Output[] = [];
  readonly logs: LogEntry[] = [];
  /** What the function yielded so far, when it is a generator; its one output ends it. */
  items: unknown[] | undefined;
  graph: CallGraphLists = { inputs: [], functionCalls: [] };
  running: RunningInput[] = [];
  isKnown = true;
  requests = 0;
  cancelled: { terminateContainers?: boolean } | undefined;
  /** Cursors that clients began to read from. */
  readonly cursors: (string | undefined)[] = [];
  #isAway = false;
  readonly #numInputs: number;
  readonly #waiting = new Set<() => void>();

  constructor(numInputs: number) {
    this.#numInputs = numInputs;
  }

  readonly connect = async (): Promise<CallServer> => {
    this.#check();
    return {
      calls: { fromId: () => this.#call },
      functions: {
        fromId: () => ({
          getCurrentStats: async () => {
            this.#check();
            return { backlog: 1, numTotalRunners: 2, numRunningInputs: 3, inputHeadroom: 0, startFailure: "" };
          },
        }),
      },
      apps: {
        layout: async () => (this.items ? [{ functionId: "fu-1", isGenerator: true } as AppFunction] : []),
      },
      containers: {
        info: async (taskId) => {
          this.#check();
          return { taskId, appId: "ap-1", enqueuedAt: 600, startedAt: 850, finishedAt: 0, exception: "" };
        },
        list: async () => {
          this.#check();
          return [];
        },
      },
      logs: { stream: ({ cursor, signal }) => this.#readLogs(cursor, signal) },
    };
  };

  yields(...items: readonly unknown[]): void {
    this.items = [...(this.items ?? []), ...items];
    this.#wake();
  }

  give(...outputs: readonly Output[]): void {
    this.outputs.push(...outputs);
    this.#wake();
  }

  goAway(): void {
    this.#isAway = true;
    this.#wake();
  }

  comeBack(): void {
    this.#isAway = false;
  }

  readonly #call: WatchedCall = {
    hydrate: async () => {
      this.#check();
      if (!this.isKnown) throw Object.assign(new Error("There is no such call."), { name: "NotFoundError" });
      return { appId: "ap-1", functionId: "fu-1", numInputs: this.#numInputs };
    },
    outputs: ({ cursor, signal } = {}) => this.#watch(cursor, signal),
    items: ({ skip, signal } = {}) => this.#yield(skip ?? 0, signal),
    output: async (index) => {
      this.#check();
      const found = this.outputs.find((candidate) => candidate.index === index);
      if (!found) throw new Error("The result is not there yet.");
      return found;
    },
    listCallGraph: async () => {
      this.#check();
      return this.graph;
    },
    runningInputs: async () => {
      this.#check();
      return this.running;
    },
    cancel: async (options = {}) => {
      this.cancelled = options;
    },
  };

  async *#watch(cursor: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<OutputBatch> {
    this.cursors.push(cursor);
    let position = Number(cursor ?? 0);
    for (;;) {
      this.#check();
      const outputs = this.outputs.slice(position);
      position += outputs.length;
      const numUnfinishedInputs = this.#numInputs - this.outputs.length;
      if (outputs.length > 0) yield { outputs, cursor: String(position), numUnfinishedInputs };
      if (numUnfinishedInputs <= 0) return;
      // More may have come while the reader had its time.
      if (position === this.outputs.length) await this.#change(signal);
    }
  }

  async *#yield(skip: number, signal: AbortSignal | undefined): AsyncGenerator<GeneratorItem> {
    for (let index = skip; ; index++) {
      this.#check();
      while (index >= (this.items ?? []).length) {
        this.#check();
        const [end] = this.outputs;
        if (end?.status === "SUCCESS") return;
        if (end) throw new Error(end.exception);
        await this.#change(signal);
      }
      const value = this.items?.[index];
      const item = { index, size: 1, isLoaded: true, load: () => Promise.resolve(item), value: () => value };
      yield item as unknown as GeneratorItem;
    }
  }

  async *#readLogs(cursor: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<LogEntry> {
    this.#check();
    yield* this.logs.filter((entry) => cursor === undefined || entry.cursor > cursor);
    void signal;
  }

  #check(): void {
    this.requests += 1;
    if (this.#isAway) throw new Error("The engine does not answer.");
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      this.#waiting.add(resolve);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}
