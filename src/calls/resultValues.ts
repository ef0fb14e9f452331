import type { ConnectCallServer } from "./callServer.ts";
import type { ResultValue } from "./model.ts";
import { resultValue } from "./resultRow.ts";

/** Values are large: few are kept, for those who look at the same one twice. */
const MAX_VALUES = 32;

/** Fetches values of one call's results when somebody looks at them. */
export class ResultValues {
  readonly #functionCallId: string;
  readonly #connect: ConnectCallServer;
  /** The least recently used first, as a Map keeps the order of insertion. */
  readonly #values = new Map<number, Promise<ResultValue>>();

  constructor(functionCallId: string, connect: ConnectCallServer) {
    this.#functionCallId = functionCallId;
    this.#connect = connect;
  }

  value(index: number): Promise<ResultValue> {
    const value = this.#values.get(index) ?? this.#fetch(index);
    this.#values.delete(index);
    this.#values.set(index, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= MAX_VALUES) break;
      this.#values.delete(oldest);
    }
    return value;
  }

  async #fetch(index: number): Promise<ResultValue> {
    try {
      const server = await this.#connect();
      return resultValue(await server.calls.fromId(this.#functionCallId).output(index));
    } catch (error) {
      this.#values.delete(index); // The next one who looks tries again.
      throw error;
    }
  }
}
