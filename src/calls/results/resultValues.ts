import type { ConnectCallServer, WatchedCall } from "../callServer.ts";
import { decodableItem } from "./generatorRow.ts";
import { OpenedValue } from "./openedValue.ts";
import { type RawResult, rawResult, type Serialized } from "./rawResult.ts";

/** Values are large: few are kept, for those who look at the same one twice, or at parts of it. */
const MAX_VALUES = 8;

/** Fetches values of one call's results when somebody looks at them. */
export class ResultValues {
  readonly #functionCallId: string;
  readonly #connect: ConnectCallServer;
  readonly #isGenerator: () => boolean;
  /** The least recently used first, as a Map keeps the order of insertion. */
  readonly #values = new Map<number, Promise<OpenedValue>>();

  /** @param isGenerator whether values are items of a generator, once that is known */
  constructor(functionCallId: string, connect: ConnectCallServer, isGenerator: () => boolean) {
    this.#functionCallId = functionCallId;
    this.#connect = connect;
    this.#isGenerator = isGenerator;
  }

  value(index: number): Promise<OpenedValue> {
    const value = this.#values.get(index) ?? this.#fetch(index);
    this.#values.delete(index);
    this.#values.set(index, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= MAX_VALUES) break;
      this.#values.delete(oldest);
    }
    return value;
  }

  /** A result as a file has it. */
  async raw(index: number): Promise<RawResult> {
    return rawResult(await this.#serialized(index));
  }

  async #fetch(index: number): Promise<OpenedValue> {
    try {
      return new OpenedValue(await this.#serialized(index));
    } catch (error) {
      this.#values.delete(index); // The next one who looks tries again.
      throw error;
    }
  }

  async #serialized(index: number): Promise<Serialized> {
    const server = await this.#connect();
    const call = server.calls.fromId(this.#functionCallId);
    if (!this.#isGenerator()) return (await call.output(index)).load();
    return (await item(call, index)) ?? (await call.output(0)).load();
  }
}

/** An item of a generator. Undefined where there is none: then the output says what failed. */
async function item(call: WatchedCall, index: number): Promise<Serialized | undefined> {
  try {
    for await (const found of call.items({ skip: index })) return decodableItem(await found.load());
  } catch {
    // The output says what failed.
  }
  return undefined;
}
