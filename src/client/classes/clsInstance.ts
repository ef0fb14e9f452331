import type { ModalRpc } from "../connection/connection.ts";
import { NotFoundError } from "../errors.ts";
import type { AutoscalerConfiguration, AutoscalerSettings } from "../functions/autoscaler.ts";
import type { FunctionHandle } from "../functions/functionHandle.ts";
import { FunctionLookup } from "../functions/functionLookup.ts";
import type { OptionsMessage } from "../functions/functionOptions.ts";
import { ModalFunction } from "../functions/modalFunction.ts";
import type { ClassParameters } from "./classParameters.ts";
import type { ServiceFunction } from "./serviceFunction.ts";

/** An instance of a class, with parameters and options of its own, and containers of its own where it has any of these. */
export class ClsInstance {
  readonly #rpc: ModalRpc;
  readonly #service: ServiceFunction;
  readonly #parameters: ClassParameters;
  readonly #lookup: FunctionLookup;
  /** What runs all methods, as a function of its own. */
  readonly #function: ModalFunction;

  /**
   * Not for users: `cls.instance()` makes these.
   *
   * @internal
   */
  constructor(rpc: ModalRpc, service: ServiceFunction, parameters: ClassParameters, options: OptionsMessage) {
    this.#rpc = rpc;
    this.#service = service;
    this.#parameters = parameters;
    const { appName, className: name } = service;
    this.#lookup = new FunctionLookup({ appName, name, lookUp: () => service.instance(parameters, options) });
    this.#function = new ModalFunction(rpc, { appName, name, lookUp: () => this.#lookup.handle() });
  }

  /**
   * Of the function that runs this instance's methods, `fu-…`. The same parameters and options have the same one.
   * @throws InvalidError before {@link hydrate}
   */
  get functionId(): string {
    return this.#lookup.functionId;
  }

  /**
   * Looks the class up and hands in the parameters, once; the methods do so by themselves.
   *
   * @throws NotFoundError when there is no such app or class
   * @throws InvalidError for parameters that the class does not take
   */
  async hydrate(): Promise<this> {
    await this.#lookup.handle();
    return this;
  }

  /** A method, with all that functions have. Makes no request; that there is such a method is found out when it is first used. */
  method(name: string): ModalFunction {
    const { appName, className } = this.#service;
    const lookUp = async () => methodHandle(className, await this.#lookup.handle(), name);
    const parameters = this.#parameters;
    return new ModalFunction(this.#rpc, { appName, name: `${className}.${name}`, parameters, lookUp });
  }

  /** Keeps this many containers running for the instance; see {@link ModalFunction.keepWarm}. */
  keepWarm(containers: number): Promise<AutoscalerSettings> {
    return this.#function.keepWarm(containers);
  }

  /** Changes how the containers of the instance come and go; see {@link ModalFunction.updateAutoscaler}. */
  updateAutoscaler(settings: AutoscalerSettings): Promise<AutoscalerSettings> {
    return this.#function.updateAutoscaler(settings);
  }

  /** How the containers of the instance come and go; see {@link ModalFunction.getAutoscaler}. */
  getAutoscaler(): Promise<AutoscalerConfiguration> {
    return this.#function.getAutoscaler();
  }
}

/** A method has no id of its own: it is the instance's function, with the method's name in every input. */
function methodHandle(className: string, { functionId, metadata }: FunctionHandle, name: string): FunctionHandle {
  const methods = metadata.methodHandleMetadata;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method) return { functionId, metadata: method };
  const names = Object.keys(methods).join(", ") || "none";
  throw new NotFoundError(`${className} has no method "${name}"; it has: ${names}.`);
}
