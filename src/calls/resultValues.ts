import type { ConnectCallServer, WatchedCall } from "./callServer.ts";
import { generatorValue } from "./generatorRow.ts";
import type { ResultValue } from "./model.ts";
import { resultValue } from "./resultRow.ts";

/** Values are large: few are kept, for those who look at the same one twice. */
const MAX_VALUES = 32;

/** Fetches values of one call's results when somebody looks at them. */
export class ResultValues {
  readonly #functionCallId: string;
  readonly #connect: ConnectCallServer;
  readonly #isGenerator: () => boolean;
  /** The least recently used first, as a Map keeps the order of insertion. */
  readonly #values = new Map<number, Promise<ResultValue>>();

  /** @param isGenerator whether values are items of a generator, once that is known */
  constructor(functionCallId: string, connect: ConnectCallServer, isGenerator: () => boolean) {
    this.#functionCallId = functionCallId;
    this.#connect = connect;
    this.#isGenerator = isGenerator;
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
      const call = server.calls.fromId(this.#functionCallId);
      return this.#isGenerator() ? await itemValue(call, index) : await outputValue(call, index);
    } catch (error) {
      this.#values.delete(index); // The next one who looks tries again.
      throw error;
    }
  }
}

/** An item of a generator, or what it failed with where there is no item. */
async function itemValue(call: WatchedCall, index: number): Promise<ResultValue> {
  try {
    for await (const item of call.items({ skip: index })) return generatorValue(await item.load());
  } catch {
    // The output says what failed.
  }
  return outputValue(call, 0);
}

async function outputValue(call: WatchedCall, index: number): Promise<ResultValue> {
  const output = await call.output(index);
  return resultValue(await output.load());
}
