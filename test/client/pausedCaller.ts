import type { Output } from "../../src/client/calls/output.ts";
import { Connection } from "../../src/client/connection/connection.ts";
import type { Pause } from "../../src/client/connection/retry.ts";
import type { FunctionHandle } from "../../src/client/functions/functionHandle.ts";
import { callRemote, type RemoteOptions } from "../../src/client/functions/invocation.ts";
import { type MapOptions, mapInputs } from "../../src/client/map/map.ts";
import type { FakeModal } from "./fakeModal.ts";

/** Notes pauses, which pass at once. */
function notedIn(pausesMs: number[]): Pause {
  return (durationMs, signal) => {
    pausesMs.push(durationMs);
    signal?.throwIfAborted();
    return new Promise((resolve) => setImmediate(resolve));
  };
}

/** Calls the function of a fake server over a socket, without the pauses between attempts. */
export class PausedCaller implements Disposable {
  /** Between attempts at an input, and between looks for lost ones. */
  readonly pausesMs: number[] = [];
  /** Between attempts at a request. */
  readonly requestPausesMs: number[] = [];
  readonly #connection: Connection;
  readonly #pause = notedIn(this.pausesMs);

  /** @param wait between attempts at a request, where these shall take their time */
  constructor({ url }: Pick<FakeModal, "url">, wait: Pause = notedIn(this.requestPausesMs)) {
    this.#connection = new Connection({ url, tokenId: "ak-1", tokenSecret: "as-2" }, wait);
  }

  async remote(args: readonly unknown[], options: RemoteOptions = {}): Promise<unknown> {
    return callRemote(this.#connection.rpc, await this.#handle(), args, {}, options, this.#pause);
  }

  /** Yields values, and the text of what failed. */
  map(inputs: readonly unknown[], options: MapOptions = {}): AsyncIterable<unknown> {
    const rows = inputs.map((input) => [input]);
    const present = (output: Output) => (output.status === "SUCCESS" ? output.value() : output.exception);
    return mapInputs(this.#connection.rpc, () => this.#handle(), rows, options, present, this.#pause);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  async #handle(): Promise<FunctionHandle> {
    const { functionId, handleMetadata } = await this.#connection.rpc.functionGet({ appName: "app", objectTag: "f" });
    if (!handleMetadata) throw new Error("The fake server has no function.");
    return { functionId, metadata: handleMetadata };
  }
}
