import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError } from "../errors.ts";
import { type LocalFunctionOptions, sourcePlace } from "../local/localFunction.ts";
import { originById, originByName } from "./functionHandle.ts";
import { ModalFunction } from "./modalFunction.ts";

/** Which of several functions of the same name. */
export interface FromNameOptions {
  /** Default: the client's environment. */
  readonly environmentName?: string;
  /** An app version that was deployed before. Default: the current one. */
  readonly version?: number;
}

/** A function by its place in a file; with `appName`, also one of the server. */
export interface SourceOptions extends LocalFunctionOptions {
  /** Its name in the app, where the decorator gives it another. Default: `qualname`. */
  readonly name?: string;
}

/** Deployed functions: `modal.functions`. */
export class FunctionService {
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;

  /** @internal */
  constructor(rpc: ModalRpc, environmentName: string) {
    this.#rpc = rpc;
    this.#environmentName = environmentName;
  }

  /**
   * A function by app and name. Makes no request: the function is looked up when it is first used.
   *
   * @throws InvalidError when the name has a dot, as the methods of classes have
   */
  fromName(appName: string, name: string, options: FromNameOptions = {}): ModalFunction {
    if (name.includes(".")) {
      const [className, method] = name.split(".");
      throw new InvalidError(
        `"${name}" names a method of a class; write modal.classes.fromName("${appName}", "${className}").instance().method("${method}").`,
      );
    }
    const { environmentName = this.#environmentName, version = 0 } = options;
    return new ModalFunction(this.#rpc, originByName(this.#rpc, { appName, name, environmentName, version }));
  }

  /**
   * Like {@link fromName}, but looks the function up at once.
   *
   * @throws NotFoundError when there is no such app or function
   */
  lookup(appName: string, name: string, options: FromNameOptions = {}): Promise<ModalFunction> {
    return this.fromName(appName, name, options).hydrate();
  }

  /**
   * A function by its id. It can be asked for stats at once; to be called it is looked up, which newer servers can do by the id.
   *
   * @param functionId `fu-…`
   * @throws InvalidError when that is not a function id
   */
  fromId(functionId: string): ModalFunction {
    if (!functionId.startsWith("fu-")) {
      throw new InvalidError(`"${functionId}" is not the id of a function; such ids begin with fu-.`);
    }
    return new ModalFunction(this.#rpc, originById(this.#rpc, functionId));
  }

  /**
   * A function that is known by where it is defined, for {@link ModalFunction.local}. With an app's name it can also be called on the
   * server, where it must be deployed.
   */
  fromSource(source: SourceOptions): ModalFunction {
    const { appName = "", qualname, name = qualname } = source;
    const origin = appName
      ? originByName(this.#rpc, { appName, name, environmentName: this.#environmentName, version: 0 })
      : { appName, name, lookUp: () => Promise.reject(withoutApp(name)) };
    return new ModalFunction(this.#rpc, origin, sourcePlace(source));
  }
}

function withoutApp(name: string): InvalidError {
  return new InvalidError(
    `${name} was made from its source alone, so no server knows it; give fromSource the appName too, or use local().`,
  );
}
