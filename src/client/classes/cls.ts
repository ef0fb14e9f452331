import type { ModalRpc } from "../connection/connection.ts";
import {
  type Batching,
  batchingMessage,
  type Concurrency,
  concurrencyMessage,
  type FunctionOptions,
  type OptionsMessage,
  optionsMessage,
} from "../functions/functionOptions.ts";
import { type FunctionSchema, functionSchema } from "../functions/functionSchema.ts";
import { type ClassParameter, type ClassParameters, classParameters } from "./classParameters.ts";
import { ClsInstance } from "./clsInstance.ts";
import type { ServiceFunction } from "./serviceFunction.ts";

/** Modal's class: a handle on one that is deployed on a server. */
export class Cls {
  readonly #rpc: ModalRpc;
  readonly #service: ServiceFunction;
  readonly #options: OptionsMessage;

  /**
   * Not for users: `modal.classes` makes these.
   *
   * @internal
   */
  constructor(rpc: ModalRpc, service: ServiceFunction, options: OptionsMessage = {}) {
    this.#rpc = rpc;
    this.#service = service;
    this.#options = options;
  }

  /** The app's name. */
  get appName(): string {
    return this.#service.appName;
  }

  /** The class's name in its app. */
  get name(): string {
    return this.#service.className;
  }

  /**
   * The names of the methods.
   * @throws InvalidError before {@link hydrate}
   */
  get methods(): readonly string[] {
    return Object.keys(this.#service.hydrated.metadata.methodHandleMetadata);
  }

  /**
   * What {@link instance} takes. Empty for a class that takes none; of one with an `__init__` only the local engine knows it.
   * @throws InvalidError before {@link hydrate}
   */
  get parameters(): readonly ClassParameter[] {
    return classParameters(this.#service.hydrated.metadata.classParameterInfo?.schema ?? []);
  }

  /**
   * What a method takes and returns; undefined when the server does not say, or there is no such method.
   * @throws InvalidError before {@link hydrate}
   */
  schemaOf(method: string): FunctionSchema | undefined {
    const methods = this.#service.hydrated.metadata.methodHandleMetadata;
    const message = Object.hasOwn(methods, method) ? methods[method]?.functionSchema : undefined;
    return message && functionSchema(message);
  }

  /**
   * Looks the class up, once; everything that needs to does so by itself.
   *
   * @throws NotFoundError when there is no such app or class
   */
  async hydrate(): Promise<this> {
    await this.#service.handle();
    return this;
  }

  /**
   * An instance. Makes no request: parameters are checked when the instance is first used, or by its `hydrate()`.
   *
   * @param parameters by name; those with a default may be left out. For a class with an `__init__`: its keyword arguments
   */
  instance(parameters: ClassParameters = {}): ClsInstance {
    return new ClsInstance(this.#rpc, this.#service, parameters, this.#options);
  }

  /**
   * The same class with other settings, on top of those that were changed before. Its instances have containers of their own.
   *
   * @throws InvalidError for a setting that makes no sense
   */
  withOptions(options: FunctionOptions): Cls {
    return this.#with(optionsMessage(options));
  }

  /** The same class, whose containers run several inputs at once. */
  withConcurrency(concurrency: Concurrency): Cls {
    return this.#with(concurrencyMessage(concurrency));
  }

  /** The same class, whose methods are given lists of inputs and return lists of results. */
  withBatching(batching: Batching): Cls {
    return this.#with(batchingMessage(batching));
  }

  #with(changed: OptionsMessage): Cls {
    return new Cls(this.#rpc, this.#service, { ...this.#options, ...changed });
  }
}
