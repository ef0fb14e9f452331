import { DataLossError } from "../errors.ts";
import type { References } from "./payload.ts";

const NOTHING = new Uint8Array();

/** Where a message has a serialized value: in itself, or as a blob. */
export type ValueOneof =
  | { readonly case: "data"; readonly value: Uint8Array }
  | { readonly case: "dataBlobId"; readonly value: string }
  | { readonly case: undefined; readonly value?: undefined };

/** The bytes of a serialized value. Those that were too large for the message are downloaded when they are asked for. */
export class ValueBytes {
  readonly #blobId: string | undefined;
  readonly #references: References | undefined;
  #bytes: Uint8Array | undefined;
  #download: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(oneof: ValueOneof | undefined, references: References | undefined) {
    this.#references = references;
    if (oneof?.case === "dataBlobId") this.#blobId = oneof.value;
    else this.#bytes = oneof?.value ?? NOTHING;
  }

  get areLoaded(): boolean {
    return this.#bytes !== undefined;
  }

  /** How many there are; undefined before they are loaded. */
  get size(): number | undefined {
    return this.#bytes?.length;
  }

  /** @throws what the download failed with; DataLossError when there was none yet */
  get(): Uint8Array {
    if (this.#bytes) return this.#bytes;
    if (this.#failure) throw this.#failure.error;
    throw new DataLossError("The value is too large for a message and was not downloaded yet; await load() first.");
  }

  /**
   * Downloads them, once; what failed is tried again by the next call.
   *
   * @throws NotFoundError, ExecutionError when that fails; the signal's reason when aborted
   */
  async load(signal?: AbortSignal): Promise<void> {
    if (this.#bytes) return;
    this.#download ??= this.#fetch(signal);
    await this.#download;
  }

  async #fetch(signal: AbortSignal | undefined): Promise<void> {
    try {
      this.#failure = undefined;
      this.#bytes = await this.#references?.downloadBlob(this.#blobId ?? "", signal);
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#download = undefined;
    }
  }
}
