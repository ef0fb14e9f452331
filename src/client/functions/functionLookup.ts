import { InvalidError } from "../errors.ts";
import {
  assertCallable,
  assertReturns,
  assertYields,
  type FunctionHandle,
  type FunctionOrigin,
} from "./functionHandle.ts";

/** Looks a function up when it is first needed, once. */
export class FunctionLookup {
  readonly #origin: FunctionOrigin;
  #lookup: Promise<FunctionHandle> | undefined;
  #handle: FunctionHandle | undefined;

  constructor(origin: FunctionOrigin) {
    this.#origin = origin;
  }

  get appName(): string {
    return this.#origin.appName;
  }

  get name(): string {
    return this.#origin.name;
  }

  /** Of the instance, for a method: what its class is constructed with. */
  get parameters(): Readonly<Record<string, unknown>> {
    return this.#origin.parameters ?? {};
  }

  /**
   * What is known without a request.
   *
   * @throws InvalidError before the lookup
   */
  get hydrated(): FunctionHandle {
    if (this.#handle) return this.#handle;
    throw new InvalidError(
      `The function ${this.name || this.#origin.functionId} was not looked up yet; call hydrate() on it first.`,
    );
  }

  /** For a method that was looked up: what it is called in its class; otherwise empty. */
  get methodName(): string {
    return this.#handle?.metadata.useMethodName ?? "";
  }

  /** @throws InvalidError before the lookup, when the id was not known from the start */
  get functionId(): string {
    return this.#origin.functionId ?? this.hydrated.functionId;
  }

  /** The id; looks the function up only when that is needed to know it. */
  async id(): Promise<string> {
    return this.#origin.functionId ?? (await this.handle()).functionId;
  }

  /**
   * The id of what has containers of its own.
   *
   * @throws InvalidError for a method, which shares those of its instance
   */
  async scalableId(): Promise<string> {
    // An id that was given names a function itself, on every server; not every server could look it up.
    if (this.#origin.functionId !== undefined && !this.#handle) return this.#origin.functionId;
    const { functionId, metadata } = await this.handle();
    if (!metadata.isMethod) return functionId;
    throw new InvalidError(
      `${this.name || metadata.functionName} is a method, which has no containers of its own; call it on the instance of its class.`,
    );
  }

  /** @throws NotFoundError and others, as the origin's lookup does */
  async handle(): Promise<FunctionHandle> {
    if (this.#handle) return this.#handle;
    this.#lookup ??= this.#origin.lookUp();
    try {
      this.#handle = await this.#lookup;
      return this.#handle;
    } finally {
      this.#lookup = undefined; // A lookup that failed may succeed after the next deployment.
    }
  }

  /** @throws InvalidError when it cannot be called with plain arguments */
  async callable(): Promise<FunctionHandle> {
    const handle = await this.handle();
    assertCallable(handle);
    return handle;
  }

  /** @throws InvalidError when it cannot be called, or is a generator */
  async returning(): Promise<FunctionHandle> {
    const handle = await this.callable();
    assertReturns(handle);
    return handle;
  }

  /** @throws InvalidError when it cannot be called, or is no generator */
  async yielding(): Promise<FunctionHandle> {
    const handle = await this.callable();
    assertYields(handle);
    return handle;
  }
}
