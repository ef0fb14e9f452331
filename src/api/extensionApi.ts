// What other extensions are given. The build copies this file to `dist/extensionApi.d.ts` as it is, so it holds types only, and imports
// none but VS Code's. What is added here keeps the version; what is changed or taken away makes another.
import type { CancellationToken, Event } from "vscode";

/** Where functions are deployed and called. */
export interface TargetInfo {
  /** `local`, or e.g. `profile:main`. Stays the same from window to window. */
  readonly id: string;
  /** As the user sees it. */
  readonly name: string;
  /** Whether it is the one that the user has selected. */
  readonly isCurrent: boolean;
}

/** A target and an environment on it. Without a target: the one that the user has selected. */
export interface Place {
  readonly targetId?: string;
  /** Default: the target's default environment. */
  readonly environmentName?: string;
}

/** A deployed function by its names. */
export interface FunctionName extends Place {
  readonly appName: string;
  /** Of a method: `Class.method`. */
  readonly functionName: string;
}

/** A function that is called. */
export interface CalledFunction extends FunctionName {
  /** Of a method: the parameters of its class, by name. Default: those that the class declares. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a function is called with: values that JSON knows, and `Uint8Array`, `Date`, `Map`, `Set` and `bigint`. */
export interface CallInput {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** A call by its id and where it was made. */
export interface CallName extends Place {
  readonly functionCallId: string;
}

/**
 * What the extension's `activate` returns, version 1. Calls that are made by it are listed in the side bar like those of the user. Every
 * promise is rejected with an `Error` whose message is one sentence for the user.
 */
export interface SpawnpointApi {
  readonly version: 1;

  /** The local engine, and the accounts that the user has. */
  getTargets(): Promise<readonly TargetInfo[]>;

  /** Fires when targets come or go, when one starts or fails, and when the user selects another. */
  readonly onDidChangeTargets: Event<void>;

  /** The functions and methods of all apps that are deployed there. */
  getFunctions(place?: Place): Promise<readonly Required<FunctionName>[]>;

  /**
   * Calls a function and waits for its result. Rejects when the function raises, when there is no such function, and in a
   * workspace that is not trusted.
   *
   * @param token cancels the call
   */
  call(fn: CalledFunction, input?: CallInput, token?: CancellationToken): Promise<unknown>;

  /** Calls a function and does not wait for the result. */
  spawn(fn: CalledFunction, input?: CallInput): Promise<Required<CallName>>;

  /**
   * Calls a function once for each input, and does not wait for the results.
   *
   * @param inputs each is the only argument of one call
   */
  map(fn: CalledFunction, inputs: Iterable<unknown> | AsyncIterable<unknown>): Promise<Required<CallName>>;

  /**
   * The results of a call in the order of their inputs, each as soon as it is there. Throws at the first input that failed.
   *
   * @param token ends the reading; the call goes on
   */
  getResults(call: CallName, token?: CancellationToken): AsyncIterable<unknown>;

  /** Ends what has not finished of a call. */
  cancel(call: CallName): Promise<void>;
}
