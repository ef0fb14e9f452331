import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { AppRecord } from "../store/appStore.ts";
import type { WorkerReply, WorkerRequest } from "../workers/worker.ts";
import type { House } from "./house.ts";

/** Answers one method that user code in a container may ask for; parameters and values in the Python side's names. */
export type Answer = (house: Asked, params: Params, request: WorkerRequest) => WorkerReply | Promise<WorkerReply>;

export interface Asked extends House {
  /** The app whose code asks. */
  readonly askingAppId: string;
}

export function askingApp({ store, askingAppId }: Asked): AppRecord | undefined {
  return store.apps.get(askingAppId);
}

/** The parameters of a request, read with their types checked: they come from a process that runs user code. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string {
    const value = this.#values[name] ?? "";
    if (typeof value !== "string") throw wrongParam(name, "a text");
    return value;
  }

  /** All of them, as texts. */
  texts(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.keys(this.#values).map((name) => [name, this.text(name)]));
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? 0;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#values[name] ?? undefined;
    if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value) || value < 0)) {
      throw wrongParam(name, "a number from 0");
    }
    return value;
  }

  object(name: string): Readonly<Record<string, unknown>> {
    const value = this.#values[name] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) throw wrongParam(name, "an object");
    return value as Record<string, unknown>;
  }

  list(name: string): Params[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw wrongParam(name, "a list");
    return value.map((item) => new Params(item as Record<string, unknown>));
  }
}

export function wrongParam(name: string, type: string): RpcError {
  return new RpcError(RpcStatus.INVALID_ARGUMENT, `The request's ${name} is not ${type}.`);
}
