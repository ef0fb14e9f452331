import { setImmediate as nextTurn } from "node:timers/promises";
import type { FunctionPutInputsItem } from "../../proto/gen/modal_pb.js";
import type { InputEncoder } from "../functions/functionInput.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";
import type { AcceptedInput, MapPlane, MapStart } from "../planes/mapPlane.ts";
import { InOrder } from "./inOrder.ts";
import { InputSender } from "./inputSender.ts";
import type { MapItems } from "./mapItems.ts";
import { type InputRow, type InputSource, isAsync } from "./mapRows.ts";

/** How many large inputs are uploaded at a time; Modal's own number. */
const MAX_UPLOADS = 20;

/** What goes into a map call. */
export interface MapFeedOptions {
  readonly rows: InputSource<InputRow>;
  /** Keyword arguments of every input. */
  readonly kwargs: Kwargs;
  readonly encode: InputEncoder;
  /** Ends the feeding; also aborted by the feed itself, with the error, when it cannot go on. */
  readonly stop: AbortController;
  /** Lets another input in, or returns a promise to wait for when there is no place for it yet. */
  readonly admit?: () => Promise<void> | undefined;
  /** Told of every input that is sent and taken. */
  readonly items?: MapItems;
  /** Told how many inputs the server has accepted so far. */
  readonly onAccepted?: (numInputs: number) => void;
}

/** The input side of a map call: makes the call, and reads, serializes and sends its inputs. */
export class MapFeed {
  readonly #plane: MapPlane;
  readonly #options: MapFeedOptions;
  readonly #sender: InputSender;
  #accepted = 0;

  constructor(plane: MapPlane, options: MapFeedOptions) {
    this.#plane = plane;
    this.#options = options;
    this.#sender = new InputSender(plane.maxBatchInputs, options.stop);
  }

  /**
   * Makes the call; what can be read at once goes with it. `done` resolves to the number of inputs when the server has
   * accepted them all. When reading, serializing or sending fails, `stop` is aborted and `done` rejects. A map that can only begin
   * with an input waits for the first one; when there is none, no call is made.
   */
  async start(): Promise<{ readonly start: MapStart | undefined; readonly done: Promise<number> }> {
    const { stop, items } = this.#options;
    const done = this.#read();
    done.catch((error: unknown) => stop.abort(error));
    if (this.#plane.beginsWithInputs) await this.#sender.ready();
    await nextTurn();
    const first = this.#sender.take();
    const isCall = first.length > 0 || !this.#plane.beginsWithInputs;
    items?.add(first);
    const start = isCall ? await this.#plane.start(first, stop.signal) : undefined;
    items?.followPolicy(start?.retryPolicy);
    this.#accept(start?.accepted ?? []);
    // A server that takes no inputs with a map call gets them on their own.
    const taken = new Set(start?.accepted.map(({ index }) => index));
    const unsent = first.filter(({ idx }) => !taken.has(idx));
    this.#sender.open((inputs) => this.#put(inputs), unsent);
    return { start, done };
  }

  async #read(): Promise<number> {
    const { rows, kwargs, encode, stop } = this.#options;
    const inputs = new InOrder<FunctionPutInputsItem>(
      MAX_UPLOADS,
      (input) => this.#enter(input),
      (error) => stop.abort(error),
    );
    if (isAsync(rows)) {
      for await (const row of rows) await inputs.add(encode(row, kwargs));
    } else {
      for (const row of rows) {
        const room = inputs.add(encode(row, kwargs));
        if (room !== undefined) await room;
      }
    }
    await inputs.drain();
    await this.#sender.end();
    return this.#sender.added;
  }

  /** Takes an input; returns a promise when the next one has to wait. */
  #enter(input: FunctionPutInputsItem): Promise<void> | undefined {
    const admission = this.#options.admit?.();
    return admission === undefined ? this.#sender.add(input) : admission.then(() => this.#sender.add(input));
  }

  async #put(inputs: FunctionPutInputsItem[]): Promise<void> {
    const { stop, items } = this.#options;
    items?.add(inputs);
    this.#accept(await this.#plane.put(inputs, stop.signal));
  }

  #accept(inputs: readonly AcceptedInput[]): void {
    const { items, onAccepted } = this.#options;
    items?.accept(inputs);
    this.#accepted += inputs.length;
    if (inputs.length > 0) onAccepted?.(this.#accepted);
  }
}
