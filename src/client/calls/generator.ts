import { fromBinary } from "@bufbuild/protobuf";
import { type DataChunk, DataFormat, GeneratorDoneSchema } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { pause } from "../connection/retry.ts";
import { ConnectionError, InternalError, InvalidError, OutputExpiredError, ServiceError } from "../errors.ts";
import { type DataFormatName, decodePayload, type References } from "../payloads/payload.ts";
import { ValueBytes } from "../payloads/valueBytes.ts";
import type { Output } from "./output.ts";
import { awaitOutputs } from "./outputs.ts";

/**
 * How often a broken stream is opened again without a new item, and the pauses before: Modal's own numbers
 * (`py/modal/_utils/function_utils.py`).
 */
const MAX_REOPENS = 10;
const FIRST_PAUSE_MS = 1;
const PAUSE_FACTOR = 10;
const MAX_PAUSE_MS = 1_000;

/**
 * How long to wait for another item of a generator that is known to have failed. The local engine ends the stream after the last
 * one; Modal's servers hold it.
 */
const AFTER_FAILURE_MS = 1_000;

/**
 * Something that a generator yielded. The value is decoded when it is asked for; a large one has to be downloaded first, with
 * {@link GeneratorItem.load}.
 */
export class GeneratorItem {
  /** Position among the generator's items, from 0. */
  readonly index: number;
  readonly #dataFormat: DataFormat;
  readonly #references: References;
  readonly #bytes: ValueBytes;

  /** @internal */
  constructor({ index, dataFormat, dataOneof }: DataChunk, references: References) {
    this.index = Number(index) - 1;
    this.#dataFormat = dataFormat;
    this.#references = references;
    this.#bytes = new ValueBytes(dataOneof, references);
  }

  /** Whether {@link value} can be asked for: false for a large value that was not downloaded yet. */
  get isLoaded(): boolean {
    return this.#bytes.areLoaded;
  }

  /** Bytes of the serialized value; undefined for a value that was not downloaded yet. */
  get size(): number | undefined {
    return this.#bytes.size;
  }

  /**
   * Downloads the value where it was too large to come with the item. May be called again, also after a failure.
   *
   * @throws NotFoundError when the server no longer has it, ExecutionError when it cannot be downloaded
   */
  async load(signal?: AbortSignal): Promise<this> {
    await this.#bytes.load(signal);
    return this;
  }

  /**
   * @throws DeserializationError when the value is in a form that this client cannot read
   * @throws what {@link load} failed with; DataLossError when the value was not downloaded yet
   */
  value(): unknown {
    const format = (DataFormat[this.#dataFormat] ?? "UNSPECIFIED") as DataFormatName;
    return decodePayload(this.#bytes.get(), format, this.#references);
  }
}

/** Which items to read. */
export interface ItemOptions {
  /** How many to leave out at the start, e.g. those that are known already. Default: none. */
  readonly skip?: number;
  /** Ends the reading with its reason; the generator goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Items one by one, at the end of their way: each generator that would pass one on by itself costs more than to decode it. */
export async function* eachItem(
  portions: AsyncIterable<readonly GeneratorItem[]>,
): AsyncGenerator<GeneratorItem, void, undefined> {
  for await (const items of portions) for (const item of items) yield item;
}

/** The values of items, one by one. What came with its item is there without a wait, which would cost more than to decode it. */
export async function* valuesOf(
  portions: AsyncIterable<readonly GeneratorItem[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  for await (const items of portions) {
    for (const item of items) yield (item.isLoaded ? item : await item.load(signal)).value();
  }
}

/** Where a generator's items come from, and its end. */
export interface GeneratorSource {
  /** The call, for messages. */
  readonly name: string;
  /** Streams what was yielded after the item of this index, which counts from 1. */
  items(lastIndex: bigint, signal: AbortSignal): AsyncIterable<readonly DataChunk[]>;
  /** Waits for the output, which tells how many items there are. */
  output(signal: AbortSignal): Promise<Output>;
}

/** What a generator call on the control plane yields; see {@link sourceItems}. */
export function generatorItems(
  rpc: ModalRpc,
  functionCallId: string,
  references: References,
  options: ItemOptions,
): AsyncGenerator<readonly GeneratorItem[], void, undefined> {
  return sourceItems(callSource(rpc, functionCallId), references, options);
}

/**
 * What a generator yields, in order, as it comes, in portions that came together; ends with the generator. A stream that breaks is opened
 * again where it stopped.
 *
 * @throws RemoteError after the last item, when the generator raised; see {@link Output.value} for the rest
 * @throws InvalidError when the call is not one of a generator
 */
export async function* sourceItems(
  source: GeneratorSource,
  references: References,
  { skip = 0, signal: callerSignal }: ItemOptions,
): AsyncGenerator<readonly GeneratorItem[], void, undefined> {
  const reading = new AbortController();
  const signal = callerSignal ? AbortSignal.any([callerSignal, reading.signal]) : reading.signal;
  const end = new GeneratorEnd(skip, () => reading.abort());
  const known = end.learn(source, signal);
  try {
    for await (const portion of chunks(source, skip, end, signal)) {
      end.received(portion.length);
      yield portion.map((chunk) => new GeneratorItem(chunk, references));
      if (end.isReached) return;
    }
    await known;
    end.check();
  } catch (error) {
    callerSignal?.throwIfAborted();
    end.check();
    if (!end.isReached) throw error;
  } finally {
    reading.abort();
  }
}

/** Where a generator's items end, which its output tells: after a number of them, or with a failure. */
class GeneratorEnd {
  readonly #stopReading: () => void;
  #items: number;
  #total: number | undefined;
  #failure: { readonly error: unknown } | undefined;
  #patience: NodeJS.Timeout | undefined;

  /**
   * @param skipped items that are not read
   * @param stopReading called when no further item will come
   */
  constructor(skipped: number, stopReading: () => void) {
    this.#items = skipped;
    this.#stopReading = stopReading;
  }

  get isReached(): boolean {
    return this.#total !== undefined && this.#items >= this.#total;
  }

  get isFailure(): boolean {
    return this.#failure !== undefined;
  }

  received(items: number): void {
    this.#items += items;
    this.#patience?.refresh();
  }

  /** @throws what the generator, or the wait for its end, failed with */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits for the output, and stops the reading when there is nothing left to read. Never rejects. */
  async learn(source: GeneratorSource, signal: AbortSignal): Promise<void> {
    try {
      this.#total = await itemsTotal(source, signal);
      if (this.isReached) this.#stopReading();
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = { error };
      this.#patience = setTimeout(this.#stopReading, AFTER_FAILURE_MS);
      signal.addEventListener("abort", () => clearTimeout(this.#patience), { once: true });
    }
  }
}

function callSource(rpc: ModalRpc, functionCallId: string): GeneratorSource {
  return {
    name: functionCallId,
    items: (lastIndex, signal) =>
      rpc.functionCallGetDataOut(
        { callInfo: { case: "functionCallId", value: functionCallId }, lastIndex },
        { signal },
      ),
    output: async (signal) => {
      const { outputs } = await awaitOutputs(rpc, { functionCallId, index: 0, signal }, undefined);
      const [output] = outputs;
      if (output) return output;
      throw new OutputExpiredError(`The server has no end of ${functionCallId}; make the call again.`);
    },
  };
}

async function itemsTotal(source: GeneratorSource, signal: AbortSignal): Promise<number> {
  const output = await source.output(signal);
  const error = output.error();
  if (error) throw error;
  if (output.dataFormat !== "GENERATOR_DONE") {
    throw new InvalidError(`${source.name} is not the call of a generator; read its result with get() instead.`);
  }
  return Number(fromBinary(GeneratorDoneSchema, output.data).itemsTotal);
}

/** The stream of items, opened again until the end is known and reached. */
async function* chunks(
  source: GeneratorSource,
  skip: number,
  end: GeneratorEnd,
  signal: AbortSignal,
): AsyncGenerator<readonly DataChunk[]> {
  let lastIndex = BigInt(skip);
  let pauses = 0;
  for (;;) {
    try {
      for await (const portion of source.items(lastIndex, signal)) {
        const before = lastIndex;
        const unread = portion.filter(({ index }) => index > before);
        lastIndex = unread.at(-1)?.index ?? lastIndex;
        if (unread.length === 0) continue;
        pauses = 0;
        yield unread;
      }
    } catch (error) {
      if (!mayPass(error) || pauses >= MAX_REOPENS) throw error;
    }
    if (end.isFailure) return;
    await pause(Math.min(FIRST_PAUSE_MS * PAUSE_FACTOR ** pauses, MAX_PAUSE_MS), signal);
    pauses += 1;
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof ServiceError || error instanceof InternalError || error instanceof ConnectionError;
}
