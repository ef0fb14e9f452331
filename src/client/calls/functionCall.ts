import { downloadBlob } from "../blobs/download.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError, OutputExpiredError, TimeoutError } from "../errors.ts";
import { FunctionCallLogs } from "../logs/callLogs.ts";
import type { References } from "../payloads/payload.ts";
import { type CallGraphLists, callGraph, callGraphLists, type InputInfo } from "./callGraph.ts";
import { type FunctionCallInfo, type RunningInput, requestCallInfo, requestRunningInputs } from "./functionCallInfo.ts";
import { eachItem, type GeneratorItem, generatorItems, type ItemOptions, valuesOf } from "./generator.ts";
import type { Output } from "./output.ts";
import { awaitOutputs, MAX_WAIT_MS, type OutputBatch, requestOutputs, watchOutputs } from "./outputs.ts";

/** How to wait for a result. */
export interface GetOptions {
  /** How long to wait in milliseconds. 0 asks once and does not wait. Default: as long as it takes. */
  readonly timeoutMs?: number;
  /** Which input's result, from 0. Default: 0. */
  readonly index?: number;
  /** Ends the waiting with its reason; the call goes on. */
  readonly signal?: AbortSignal;
}

/** Which of a call's results to read. */
export interface IterOptions {
  /** The first input, from 0. Default: 0. */
  readonly start?: number;
  /** The one after the last input. Default: the number of inputs. */
  readonly end?: number;
  /** Ends the waiting with its reason; the call goes on. */
  readonly signal?: AbortSignal;
}

/** How to follow a call's outputs. */
export interface WatchOptions {
  /** The cursor of the last batch that is already known. Default: from the first output. */
  readonly cursor?: string | undefined;
  /** The longest that one request waits, in milliseconds. Default: 55,000, which is also the most. */
  readonly maxWaitMs?: number;
  /** Ends the waiting with its reason; the call goes on. */
  readonly signal?: AbortSignal;
}

/** What a server knows of a function call besides its outputs. */
export interface FunctionCallMetadata {
  readonly appId: string;
  readonly functionId: string;
  /** Inputs so far; more may follow while a map is being fed. */
  readonly numInputs: number;
}

/** Results of one request while iterating; Modal's number. */
const ITER_WINDOW = 49;

/** A call that was made: a handle on its inputs and outputs, which live on the server. Holding one costs nothing. */
export class FunctionCall {
  /** `fc-…` */
  readonly functionCallId: string;
  /** What its inputs print. */
  readonly logs: FunctionCallLogs;
  readonly #rpc: ModalRpc;
  readonly #inputPlaneFunctionId: string | undefined;

  /**
   * Not for users: `modal.calls.fromId`, `fn.spawn` and `fn.spawnMap` make these.
   *
   * @param inputPlaneFunctionId of a call on an input plane: the protocol wants it when such a call is cancelled
   * @internal
   */
  constructor(rpc: ModalRpc, functionCallId: string, inputPlaneFunctionId?: string) {
    this.#rpc = rpc;
    this.functionCallId = functionCallId;
    this.#inputPlaneFunctionId = inputPlaneFunctionId;
    this.logs = new FunctionCallLogs(rpc, functionCallId);
  }

  /**
   * Asks the server which app and function the call belongs to and how many inputs it has.
   *
   * @throws NotFoundError when the server does not know the call
   */
  async hydrate(): Promise<FunctionCallMetadata> {
    const { metadata, numInputs } = await this.#rpc.functionCallFromId({ functionCallId: this.functionCallId });
    return { appId: metadata?.appId ?? "", functionId: metadata?.functionId ?? "", numInputs };
  }

  /** How many inputs the call has; more may follow while a map is being fed. */
  async numInputs(): Promise<number> {
    return (await this.hydrate()).numInputs;
  }

  /**
   * How many of the call's inputs stand where, and when it was made.
   *
   * @throws NotFoundError when the server does not know the call
   */
  async info(): Promise<FunctionCallInfo> {
    const { functionId } = await this.hydrate();
    return requestCallInfo(this.#rpc, this.functionCallId, functionId);
  }

  /**
   * The inputs that run now, as far as the server names them: of many it may name the newest only, or none.
   *
   * @throws NotFoundError when the server does not know the call
   */
  async runningInputs(): Promise<RunningInput[]> {
    const { functionId } = await this.hydrate();
    return requestRunningInputs(this.#rpc, this.functionCallId, functionId);
  }

  /**
   * Waits for one input's result and returns it. May be called again: the server keeps results.
   *
   * @throws TimeoutError when the input is still unfinished after `timeoutMs`
   * @throws OutputExpiredError when the server has no such output any more
   * @throws RemoteError when the function raised; see {@link Output.value} for the rest
   */
  async get({ timeoutMs, index = 0, signal }: GetOptions = {}): Promise<unknown> {
    const query = { functionCallId: this.functionCallId, index, references: references(this.#rpc), signal };
    const batch = await awaitOutputs(this.#rpc, query, timeoutMs);
    return (await this.#only(batch, index).load(signal)).value();
  }

  /**
   * The results in the order of their inputs, of all or of a range; those that are not there yet are waited for. May be read again.
   *
   * @throws InvalidError when the call has no such range of inputs
   * @throws RemoteError while iterating, at the first input that failed; see {@link Output.value} for the rest
   */
  async *iter({ start = 0, end, signal }: IterOptions = {}): AsyncGenerator<unknown, void, undefined> {
    const numInputs = await this.numInputs();
    const last = end ?? numInputs;
    if (start < 0 || last > numInputs) {
      throw new InvalidError(
        `There are no inputs ${start} to ${last} in ${this.functionCallId}, which has ${numInputs}.`,
      );
    }
    for (let index = start; index < last; ) {
      const endIndex = Math.min(index + ITER_WINDOW, last) - 1;
      const query = { functionCallId: this.functionCallId, index, endIndex, references: references(this.#rpc), signal };
      const batch = await requestOutputs(this.#rpc, { ...query, waitMs: 0 });
      const outputs = new Map(batch.outputs.map((output) => [output.index, output]));
      for (let output = outputs.get(index); output && index <= endIndex; output = outputs.get(index)) {
        yield (await output.load(signal)).value();
        index += 1;
      }
      if (index <= endIndex) {
        yield await this.get({ index, ...(signal && { signal }) });
        index += 1;
      }
    }
  }

  /**
   * What a generator yields, from the first item on, in order, as it comes. Ends with the generator; leaving the loop does not end
   * the generator. May be called again: the server keeps items.
   *
   * @throws RemoteError after the last item, when the generator raised; see {@link Output.value} for the rest
   * @throws InvalidError when the call is not one of a generator
   */
  getGen({ signal }: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<unknown, void, undefined> {
    return valuesOf(this.#itemPortions({ signal }), signal);
  }

  /**
   * Like {@link getGen}, but yields items with their places, whose values are decoded when they are asked for; large ones have to be
   * downloaded first, with {@link GeneratorItem.load}.
   */
  items(options: ItemOptions = {}): AsyncIterable<GeneratorItem> {
    return eachItem(this.#itemPortions(options));
  }

  /**
   * One input's output as it is stored, without waiting. A large value has to be downloaded, with {@link Output.load}.
   *
   * @throws TimeoutError when the input is unfinished
   * @throws OutputExpiredError when the server has no such output any more
   */
  async output(index: number): Promise<Output> {
    const query = { functionCallId: this.functionCallId, index, references: references(this.#rpc), waitMs: 0 };
    const batch = await requestOutputs(this.#rpc, query);
    return this.#only(batch, index);
  }

  /**
   * Follows the call's outputs in the order in which they are made, and ends when no input is unfinished. A batch without
   * outputs says that the number of unfinished inputs changed. Requests are held by the server, so watching costs little. Large values
   * have to be downloaded by those who want them, with {@link Output.load}.
   *
   * @throws ConnectionError when the server went away; watch again from the last `cursor` to go on without a gap
   */
  outputs({ cursor, maxWaitMs = MAX_WAIT_MS, signal }: WatchOptions = {}): AsyncIterable<OutputBatch> {
    const query = { functionCallId: this.functionCallId, cursor, references: references(this.#rpc), signal };
    return watchOutputs(this.#rpc, query, Math.min(maxWaitMs, MAX_WAIT_MS));
  }

  /**
   * Cancels every input that is not finished; their status becomes TERMINATED.
   *
   * @param options `terminateContainers` also stops the containers that run them, for a function that does not react
   */
  async cancel({ terminateContainers = false }: { readonly terminateContainers?: boolean } = {}): Promise<void> {
    const functionId = this.#inputPlaneFunctionId;
    await this.#rpc.functionCallCancel({
      functionCallId: this.functionCallId,
      terminateContainers,
      ...(functionId !== undefined && { functionId }),
    });
  }

  /** The inputs of this call and of every call that they made, as a forest. May hold the whole tree that the call is part of. */
  async getCallGraph(): Promise<readonly InputInfo[]> {
    return callGraph(await this.listCallGraph());
  }

  /** The same as the server tells it: two lists, with what `getCallGraph` has to leave out because its caller is not known any more. */
  async listCallGraph(): Promise<CallGraphLists> {
    return callGraphLists(await this.#rpc.functionGetCallGraph({ functionCallId: this.functionCallId }));
  }

  #itemPortions(options: ItemOptions): AsyncGenerator<readonly GeneratorItem[], void, undefined> {
    return generatorItems(this.#rpc, this.functionCallId, references(this.#rpc), options);
  }

  #only(batch: OutputBatch, index: number): Output {
    const output = batch.outputs.find((candidate) => candidate.index === index);
    if (output) return output;
    const which = `input ${index} of ${this.functionCallId}`;
    if (batch.numUnfinishedInputs > 0) {
      throw new TimeoutError(`The result of ${which} is not there yet; ask again later or wait longer.`);
    }
    throw new OutputExpiredError(`The server has no result of ${which} any more; make the call again.`);
  }
}

/**
 * What values refer to, on the server that they came from.
 *
 * @param rpc of the control plane, where all calls and blobs are known
 */
export function references(rpc: ModalRpc): References {
  return {
    openCall: (functionCallId) => new FunctionCall(rpc, functionCallId),
    downloadBlob: (blobId, signal) => downloadBlob(rpc, blobId, signal),
  };
}
