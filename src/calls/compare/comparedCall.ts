import type { Output } from "../../client/index.ts";
import type { CallRecord } from "../callRecord.ts";
import type { ConnectCallServer } from "../callServer.ts";
import { CallState } from "../callState.ts";
import { followResults, type RowMaker } from "../followCall.ts";
import type { CallSummary } from "../model.ts";
import { decodableItem, generatorRow } from "../results/generatorRow.ts";
import type { OpenedValue } from "../results/openedValue.ts";
import { resultRow } from "../results/resultRow.ts";
import type { ResultRows } from "../results/resultRows.ts";
import { ResultValues } from "../results/resultValues.ts";
import { contentDigest } from "./contentDigest.ts";

/**
 * One of two calls that are compared: the rows of its results, and a digest of the content of each. Values are decoded once and let go,
 * large ones are downloaded for it one after the other.
 */
export class ComparedCall {
  readonly #connect: ConnectCallServer;
  readonly #state: CallState;
  readonly #digests: string[] = [];
  readonly #values: ResultValues;

  /** @param onNews called after every change; cheap, as changes are many */
  constructor(record: CallRecord, connect: ConnectCallServer, onNews: () => void) {
    this.#connect = connect;
    this.#state = new CallState(record, onNews);
    this.#values = new ResultValues(record.functionCallId, connect, () => this.summary.isGenerator);
  }

  get summary(): CallSummary {
    return this.#state.summary;
  }

  get rows(): ResultRows {
    return this.#state.rows;
  }

  /** Whether all results are there. */
  get isComplete(): boolean {
    return this.summary.finishedAt !== undefined;
  }

  /** What two results with the same content share. Undefined: there is no result. */
  digest(index: number): string | undefined {
    return this.#digests[index];
  }

  /** Reads results until all are there or the signal aborts; goes on where it stopped. Never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    await followResults(this.#state, this.#connect, signal, this.#rowMaker(signal));
  }

  /**
   * The whole value of a result, fetched from the server.
   *
   * @throws ModalError the server does not have it, or does not answer
   */
  opened(index: number): Promise<OpenedValue> {
    return this.#values.value(index);
  }

  #rowMaker(signal: AbortSignal): RowMaker {
    return {
      ofOutputs: async (outputs) => {
        const rows = [];
        for (const output of outputs) rows.push(resultRow(await this.#digested(output, signal)));
        return rows;
      },
      ofItem: async (item) => {
        const loaded = await item.load(signal);
        this.#digests[item.index] = contentDigest(decodableItem(loaded));
        return generatorRow(loaded, Date.now());
      },
      ofFailure: (output, index) => {
        this.#digests[index] = contentDigest(output);
        return { ...resultRow(output), index };
      },
    };
  }

  async #digested(output: Output, signal: AbortSignal): Promise<Output> {
    const loaded = output.isLoaded ? output : await output.load(signal);
    this.#digests[output.index] = contentDigest(loaded);
    return loaded;
  }
}
