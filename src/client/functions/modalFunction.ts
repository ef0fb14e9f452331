import type { FunctionCall } from "../calls/functionCall.ts";
import { valuesOf } from "../calls/generator.ts";
import type { Output } from "../calls/output.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { deployedDefinition, deployedPlace, type FunctionSource, type SourcePlace } from "../local/functionSource.ts";
import { callLocal, callLocalGenerator, readDefinition } from "../local/localCall.ts";
import type { LocalOptions } from "../local/pythonProcess.ts";
import { type MapOptions, mapInputs } from "../map/map.ts";
import { type InputRow, type InputSource, rowsOf, zip } from "../map/mapRows.ts";
import { type SpawnMapOptions, spawnMapInputs } from "../map/spawnMap.ts";
import {
  type AutoscalerConfiguration,
  type AutoscalerSettings,
  autoscalerConfiguration,
  updateAutoscaler,
} from "./autoscaler.ts";
import { type FunctionOrigin, isGenerator } from "./functionHandle.ts";
import { FunctionLookup } from "./functionLookup.ts";
import {
  type Batching,
  batchingMessage,
  type Concurrency,
  concurrencyMessage,
  type FunctionOptions,
  type OptionsMessage,
  optionsMessage,
} from "./functionOptions.ts";
import { type FunctionSchema, functionSchema } from "./functionSchema.ts";
import { currentStats, type FunctionStats } from "./functionStats.ts";
import { originOfVariant } from "./functionVariant.ts";
import { callGenerator, callRemote, type RemoteOptions, spawnCall } from "./invocation.ts";
import { type FunctionMetrics, type MetricsOptions, requestMetrics } from "./metrics.ts";
import type { Kwargs } from "./positionalArguments.ts";

/** How a function is called for what it does, not for what it returns. */
export interface ForEachOptions extends Pick<MapOptions, "kwargs" | "onCall" | "signal"> {
  /** Whether inputs that fail are passed over. Default: false, the first failure is raised. */
  readonly ignoreExceptions?: boolean;
}

/** Modal's function: a handle on code that is deployed on a server. */
export class ModalFunction {
  readonly #rpc: ModalRpc;
  readonly #origin: FunctionOrigin;
  readonly #options: OptionsMessage;
  readonly #lookup: FunctionLookup;
  readonly #source: SourcePlace | undefined;

  /**
   * Not for users: `modal.functions` and `modal.classes` make these.
   *
   * @internal
   */
  constructor(rpc: ModalRpc, origin: FunctionOrigin, source?: SourcePlace, options: OptionsMessage = {}) {
    this.#rpc = rpc;
    this.#origin = origin;
    this.#options = options;
    const hasOptions = Object.keys(options).length > 0;
    this.#lookup = new FunctionLookup(hasOptions ? originOfVariant(rpc, origin, options) : origin);
    this.#source = source;
  }

  /**
   * `fu-…`
   * @throws InvalidError before {@link hydrate}
   */
  get functionId(): string {
    return this.#lookup.functionId;
  }

  /** The app's name; empty when the function was made from an id. */
  get appName(): string {
    return this.#lookup.appName;
  }

  /** The function's name in its app, `Class.method` for a method; empty when the function was made from an id. */
  get name(): string {
    return this.#lookup.name;
  }

  /**
   * Whether a call yields many values.
   * @throws InvalidError before {@link hydrate}
   */
  get isGenerator(): boolean {
    return isGenerator(this.#lookup.hydrated.metadata);
  }

  /**
   * Parameters and types, or undefined when the server knows none.
   * @throws InvalidError before {@link hydrate}
   */
  get schema(): FunctionSchema | undefined {
    const message = this.#lookup.hydrated.metadata.functionSchema;
    return message && functionSchema(message);
  }

  /**
   * Where a web endpoint listens; undefined for every other function. A web endpoint takes HTTP requests instead of calls.
   * @throws InvalidError before {@link hydrate}
   */
  get webUrl(): string | undefined {
    return this.#lookup.hydrated.metadata.webUrl || undefined;
  }

  /**
   * Looks the function up, once; every method that needs to does so by itself.
   *
   * @throws NotFoundError when there is no such app or function
   * @throws InvalidError when it was made from an id, and the server cannot look functions up by their ids
   */
  async hydrate(): Promise<this> {
    await this.#lookup.handle();
    return this;
  }

  /**
   * Calls the function and waits for its result.
   *
   * @throws RemoteError when the function raised; see {@link Output.value} for the rest
   */
  async remote(args: readonly unknown[] = [], kwargs: Kwargs = {}, options: RemoteOptions = {}): Promise<unknown> {
    return callRemote(this.#rpc, await this.#lookup.returning(), args, kwargs, options);
  }

  /**
   * Calls a generator function and yields its items, in order, as they come. Nothing happens before the first one is asked for.
   * Leaving the loop early, or aborting, cancels the call.
   *
   * @throws RemoteError after the last item, when the generator raised; see {@link Output.value} for the rest
   * @throws InvalidError when the function is no generator
   */
  remoteGen(
    args: readonly unknown[] = [],
    kwargs: Kwargs = {},
    options: RemoteOptions = {},
  ): AsyncGenerator<unknown, void, undefined> {
    const items = callGenerator(this.#rpc, () => this.#lookup.yielding(), args, kwargs, options);
    return valuesOf(items, options.signal);
  }

  /**
   * Runs the function on this machine, in a Python process of its own and without a server, as it stands in its file now. For a
   * function that was deployed to the local engine the engine tells where that is; see {@link getRawF}. The file is imported as for
   * a deployment; `modal.is_local()` is true in it.
   *
   * @returns the function's value, after all that it printed was passed on
   * @throws RemoteError when the function, or its file, raised
   * @throws InvalidError when nobody knows where it is defined, and for a generator
   */
  async local(args: readonly unknown[] = [], kwargs: Kwargs = {}, options: LocalOptions = {}): Promise<unknown> {
    return callLocal(await this.#place(), args, kwargs, options);
  }

  /**
   * Like {@link local}, for a generator function: yields its items as they come, and lets it run only as fast as they are taken.
   * Leaving the loop early ends the process, and the function's `finally` with it.
   *
   * @throws InvalidError when the function is no generator
   */
  async *localGen(
    args: readonly unknown[] = [],
    kwargs: Kwargs = {},
    options: LocalOptions = {},
  ): AsyncGenerator<unknown, void, undefined> {
    yield* callLocalGenerator(await this.#place(), args, kwargs, options);
  }

  /**
   * The function's definition, which takes the place of the Python function that Modal's `get_raw_f` returns: of one that was
   * deployed to the local engine the deployed text, else what is in its file, which is read without running it.
   *
   * @throws InvalidError when nobody knows where it is defined, as Modal's servers do not: make it with `functions.fromSource`
   */
  async getRawF(options: Omit<LocalOptions, "onLog"> = {}): Promise<FunctionSource> {
    return this.#source ? readDefinition(this.#source, options) : deployedDefinition(this.#rpc, this.#lookup);
  }

  /**
   * Calls the function and does not wait: the server holds the call, and its result, or what it yields, can be read later.
   */
  async spawn(args: readonly unknown[] = [], kwargs: Kwargs = {}): Promise<FunctionCall> {
    return spawnCall(this.#rpc, await this.#lookup.callable(), args, kwargs);
  }

  /**
   * Calls the function once for each item, in parallel, and yields the results. Several iterables are zipped into several
   * arguments: `fn.map([[1, 2, 3], ["a", "b", "c"]])` calls `fn(1, "a")`, `fn(2, "b")`, `fn(3, "c")`.
   *
   * Inputs are read only as fast as the server and the consumer of the results keep up. Nothing happens before the first result
   * is asked for. Leaving the loop early ends the reading and the waiting, but not what the server already has.
   *
   * @throws InvalidError when something in `iterables` is not an iterable
   * @throws RemoteError while iterating, for the first input that failed, unless `returnExceptions`
   */
  map(iterables: readonly InputSource<unknown>[], options: MapOptions = {}): AsyncIterable<unknown> {
    return this.#mapValues(zip(iterables, "map"), options);
  }

  /** Like {@link map}, for rows of arguments, each an iterable: `fn.starmap([[1, "a"], [2, "b"]])`. */
  starmap(rows: InputSource<Iterable<unknown>>, options: MapOptions = {}): AsyncIterable<unknown> {
    return this.#mapValues(rowsOf(rows), options);
  }

  /**
   * Like {@link map}, for what the function does: waits until all inputs are done, in any order, and drops the results.
   *
   * @throws RemoteError for the first input that failed, unless `ignoreExceptions`
   */
  async forEach(iterables: readonly InputSource<unknown>[], options: ForEachOptions = {}): Promise<void> {
    const { ignoreExceptions = false, ...others } = options;
    const mapOptions = { ...others, orderOutputs: false, returnExceptions: ignoreExceptions };
    const check = ignoreExceptions ? () => {} : throwFailure;
    for await (const _ of this.#map(zip(iterables, "forEach"), mapOptions, check));
  }

  /**
   * Like {@link starmap}, but yields whole outputs: index, status, container and times besides the value. A failed input is an
   * output like any other.
   */
  mapOutputs(
    rows: InputSource<Iterable<unknown>>,
    options: Omit<MapOptions, "returnExceptions"> = {},
  ): AsyncIterable<Output> {
    return this.#map(rowsOf(rows), { ...options, returnExceptions: true }, (output) => output);
  }

  /**
   * Starts a call with an input for each row of arguments and returns when the server has them all. It does not wait for results;
   * they can be read from the returned call, also by another process. When it fails half-way, the call is cancelled.
   */
  async spawnMap(rows: InputSource<Iterable<unknown>>, options: SpawnMapOptions = {}): Promise<FunctionCall> {
    const inputs = rowsOf(rows);
    return spawnMapInputs(this.#rpc, await this.#lookup.returning(), inputs, options);
  }

  /** The function's queue and containers, as they are now. */
  async getCurrentStats(): Promise<FunctionStats> {
    return currentStats(this.#rpc, await this.#lookup.id());
  }

  /**
   * Keeps this many containers running, also while there is nothing to do; 0 lets all of them go. The minimum of
   * {@link updateAutoscaler}, under its older name.
   */
  keepWarm(numContainers: number): Promise<AutoscalerSettings> {
    return this.updateAutoscaler({ minContainers: numContainers });
  }

  /**
   * Changes how the function's containers come and go, until its app is deployed again.
   *
   * @param settings those that are left out keep their value
   * @returns the settings that are in force now
   * @throws InvalidError when a setting makes no sense, and for a method: it shares the containers of its instance
   */
  async updateAutoscaler(settings: AutoscalerSettings): Promise<AutoscalerSettings> {
    return updateAutoscaler(this.#rpc, await this.#lookup.scalableId(), settings);
  }

  /**
   * How the function's containers come and go now, and where each setting comes from.
   *
   * @throws UnimplementedError when the server cannot tell
   */
  async getAutoscaler(): Promise<AutoscalerConfiguration> {
    return autoscalerConfiguration(this.#rpc, await this.#lookup.scalableId());
  }

  /**
   * What the function did over a time, in equal steps: by default, in the last hour.
   *
   * @throws InvalidError when the time is empty or longer than 31 days, or there would be more than 500 points
   * @throws UnimplementedError when the server measures nothing
   */
  async getMetrics(options: MetricsOptions = {}): Promise<FunctionMetrics> {
    return requestMetrics(this.#rpc, await this.#lookup.id(), options);
  }

  async #place(): Promise<SourcePlace> {
    return this.#source ?? deployedPlace(this.#rpc, this.#lookup);
  }

  /**
   * The same function with other settings, on top of those that were changed before, and with containers of its own. Makes no
   * request.
   *
   * @throws InvalidError for a setting that makes no sense; a method is refused when it is first used: its class has the options
   */
  withOptions(options: FunctionOptions): ModalFunction {
    return this.#with(optionsMessage(options));
  }

  /** The same function, whose containers run several inputs at once. */
  withConcurrency(concurrency: Concurrency): ModalFunction {
    return this.#with(concurrencyMessage(concurrency));
  }

  /** The same function, which is given lists of inputs and returns a list of results. */
  withBatching(batching: Batching): ModalFunction {
    return this.#with(batchingMessage(batching));
  }

  #with(changed: OptionsMessage): ModalFunction {
    return new ModalFunction(this.#rpc, this.#origin, this.#source, { ...this.#options, ...changed });
  }

  #mapValues(rows: InputSource<InputRow>, options: MapOptions): AsyncIterable<unknown> {
    return this.#map(rows, options, options.returnExceptions ? valueOrError : (output) => output.value());
  }

  #map<T>(rows: InputSource<InputRow>, options: MapOptions, present: (output: Output) => T): AsyncIterable<T> {
    return mapInputs(this.#rpc, () => this.#lookup.returning(), rows, options, present);
  }
}

function valueOrError(output: Output): unknown {
  try {
    return output.value();
  } catch (error) {
    return error;
  }
}

function throwFailure(output: Output): void {
  const error = output.error();
  if (error) throw error;
}
