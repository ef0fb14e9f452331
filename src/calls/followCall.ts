import type { GeneratorItem, Output } from "../client/index.ts";
import { callForest } from "./callForest.ts";
import type { CallServer, ConnectCallServer } from "./callServer.ts";
import type { CallState } from "./callState.ts";
import { logLine } from "./logLine.ts";
import type { ResultRow } from "./model.ts";
import { ReadingPace } from "./readingPace.ts";
import { keepTrying, pause } from "./reconnect.ts";
import { generatorRow } from "./results/generatorRow.ts";
import { resultRow } from "./results/resultRow.ts";
import { readTimes } from "./times/readTimes.ts";

const SAMPLE_MS = 1_000;
/** A call graph may be large: the server rests for this many times the time that its last answer took. */
const GRAPH_REST = 10;
/** There may be many containers, each of which is asked for. */
const CONTAINERS_REST = 4;

/**
 * Follows a call until it has finished and everything of it is in `state`, or until the signal aborts. A server that
 * goes away is waited for: the state says so meanwhile, and following goes on where it stopped. Never rejects.
 */
export async function followCall(state: CallState, connect: ConnectCallServer, signal: AbortSignal): Promise<void> {
  const follow = new Follow(state, connect, signal, plainRows);
  const place = await follow.reliably((server) => follow.find(server));
  if (!place) return;
  await Promise.all([
    follow.readAll(place),
    follow.repeatedly((server) => follow.sampleStats(server, place), 1),
    follow.repeatedly((server) => follow.readGraph(server), GRAPH_REST),
    follow.repeatedly((server) => follow.readContainers(server, place), CONTAINERS_REST),
    follow.repeatedly((server) => follow.readLogs(server, place), 1),
  ]);
  if (signal.aborted || !state.finished.aborted) return;
  await follow.once((server) => follow.readGraph(server));
  await follow.once((server) => follow.readContainers(server, place));
  await follow.once((server) => follow.readLogs(server, place));
  state.isComplete = !signal.aborted;
}

/**
 * Follows the results of a call in the same way, and nothing else of it.
 *
 * @param rows makes what is kept of each result
 */
export async function followResults(
  state: CallState,
  connect: ConnectCallServer,
  signal: AbortSignal,
  rows: RowMaker,
): Promise<void> {
  const follow = new Follow(state, connect, signal, rows);
  const place = await follow.reliably((server) => follow.find(server));
  if (place) await follow.readAll(place);
}

/** Makes rows of results as they come. */
export interface RowMaker {
  ofOutputs(outputs: readonly Output[]): readonly ResultRow[] | Promise<readonly ResultRow[]>;
  ofItem(item: GeneratorItem): ResultRow | Promise<ResultRow>;
  /** What became of a generator after its last item. */
  ofFailure(output: Output, index: number): ResultRow;
}

const plainRows: RowMaker = {
  ofOutputs: (outputs) => outputs.map(resultRow),
  ofItem: (item) => generatorRow(item, Date.now()),
  ofFailure: (output, index) => ({ ...resultRow(output), index }),
};

/** Where a call belongs. */
interface CallPlace {
  readonly appId: string;
  readonly functionId: string;
  readonly isGenerator: boolean;
}

class Follow {
  readonly #state: CallState;
  readonly #connect: ConnectCallServer;
  readonly #signal: AbortSignal;
  readonly #rows: RowMaker;
  /** Aborted as soon as nobody listens or the call has finished. */
  readonly #unfinished: AbortSignal;
  #hasAskedForStartup = false;

  constructor(state: CallState, connect: ConnectCallServer, signal: AbortSignal, rows: RowMaker) {
    this.#rows = rows;
    this.#state = state;
    this.#connect = connect;
    this.#signal = signal;
    this.#unfinished = AbortSignal.any([signal, state.finished]);
  }

  /** Does the work until it succeeds. What stands in its way becomes the call's problem, unless the call is unknown for good. */
  reliably<T>(work: (server: CallServer) => Promise<T>): Promise<T | undefined> {
    const run = async () => work(await this.#connect());
    // Told by its name: an import of the class would load the whole client with the extension.
    const mayPass = (error: unknown) => !(error instanceof Error && error.name === "NotFoundError");
    const onProblem = (error: unknown) =>
      this.#state.setProblem(error instanceof Error ? error.message : String(error));
    return keepTrying({ run, mayPass, onProblem }, this.#signal);
  }

  /** Does the work now and then while the call is unfinished, with a rest of so many times the time it takes in between. */
  async repeatedly(work: (server: CallServer) => Promise<void>, rest: number): Promise<void> {
    while (!this.#unfinished.aborted) {
      const startedAt = Date.now();
      await this.once(work);
      await pause(Math.max(SAMPLE_MS, (Date.now() - startedAt) * rest), this.#unfinished);
    }
  }

  /** Failures are silent here: whoever reads the results meets the same ones and says so. */
  async once(work: (server: CallServer) => Promise<void>): Promise<void> {
    await this.#connect()
      .then(work)
      .catch(() => undefined);
  }

  async find(server: CallServer): Promise<CallPlace> {
    const { appId, functionId, numInputs } = await server.calls.fromId(this.#state.summary.functionCallId).hydrate();
    this.#state.setInputs(numInputs);
    // A server that cannot tell is taken to know of results only.
    const functions = await server.apps.layout(appId).catch(() => []);
    // By its name first: the methods of a class share an id, and an instance with parameters has one that no layout has.
    const { functionName } = this.#state.summary;
    const called =
      functions.find(({ name }) => name === functionName) ?? functions.find((fn) => fn.functionId === functionId);
    const isGenerator = called?.isGenerator ?? false;
    this.#state.setGenerator(isGenerator);
    return { appId, functionId, isGenerator };
  }

  async readAll({ isGenerator }: CallPlace): Promise<void> {
    await this.reliably((server) => (isGenerator ? this.#readItems(server) : this.#readResults(server)));
  }

  async #readResults(server: CallServer): Promise<void> {
    const state = this.#state;
    if (state.finished.aborted) return;
    const call = server.calls.fromId(state.summary.functionCallId);
    const pace = new ReadingPace();
    for await (const batch of call.outputs({ cursor: state.outputCursor, signal: this.#signal })) {
      const rows = await this.#rows.ofOutputs(batch.outputs);
      state.outputCursor = batch.cursor;
      state.addRows(rows, batch.numUnfinishedInputs);
      state.setProblem(undefined);
      if (!this.#hasAskedForStartup) await this.once((current) => this.readStartup(current));
      if (batch.numUnfinishedInputs > 0) await pace.rest(this.#signal);
    }
    state.finish();
  }

  /** How long the call waited for the container of its first input. */
  async readStartup(server: CallServer): Promise<void> {
    const { first } = this.#state.rows;
    if (!first?.containerId) return;
    this.#hasAskedForStartup = true;
    const { enqueuedAt, startedAt } = await server.containers.info(first.containerId);
    const { createdAt } = this.#state.summary;
    if (startedAt > 0) this.#state.setStartup(Math.max(0, startedAt - Math.max(enqueuedAt, createdAt)));
  }

  /** A row for each item of a generator, and one for its failure. */
  async #readItems(server: CallServer): Promise<void> {
    const state = this.#state;
    if (state.finished.aborted) return;
    const call = server.calls.fromId(state.summary.functionCallId);
    try {
      for await (const item of call.items({ skip: state.rows.size, signal: this.#signal })) {
        state.addRows([await this.#rows.ofItem(item)], 1);
        state.setProblem(undefined);
      }
      state.addRows([], 0);
    } catch (error) {
      this.#signal.throwIfAborted();
      const output = await call.output(0);
      if (output.status === "SUCCESS") throw error;
      state.addRows([this.#rows.ofFailure(output, state.rows.size)], 0);
    }
    state.finish();
  }

  async sampleStats(server: CallServer, { functionId }: CallPlace): Promise<void> {
    const stats = await server.functions.fromId(functionId).getCurrentStats();
    const { backlog, numTotalRunners: runners, numRunningInputs: runningInputs } = stats;
    this.#state.addSample({ at: Date.now(), backlog, runners, runningInputs });
  }

  /** Only while somebody looks: the graph of a map is as large as the map. */
  async readGraph(server: CallServer): Promise<void> {
    if (!this.#state.isGraphShown) return;
    const lists = await server.calls.fromId(this.#state.summary.functionCallId).listCallGraph();
    if (this.#state.isGraphShown) this.#state.setGraph(callForest(lists));
  }

  /** Only while somebody looks at what ran where and when. */
  async readContainers(server: CallServer, { appId }: CallPlace): Promise<void> {
    if (this.#state.isWaterfallShown) await readTimes(this.#state, server, appId);
  }

  /** Follows the logs of an unfinished call; reads what is left of a finished one. */
  async readLogs(server: CallServer, { appId }: CallPlace): Promise<void> {
    const state = this.#state;
    const { functionCallId } = state.summary;
    const follow = !state.finished.aborted;
    const signal = follow ? this.#unfinished : this.#signal;
    const { logCursor: cursor } = state;
    for await (const entry of server.logs.stream({ appId, functionCallId, follow, signal, cursor })) {
      state.logCursor = entry.cursor;
      state.addLines([logLine(entry)]);
    }
  }
}
