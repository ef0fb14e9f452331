import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError } from "../errors.ts";
import type { FromNameOptions } from "../functions/functionService.ts";
import { Cls } from "./cls.ts";
import { ServiceFunction } from "./serviceFunction.ts";

/** Deployed classes: `modal.classes`. */
export class ClassService {
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;

  /** @internal */
  constructor(rpc: ModalRpc, environmentName: string) {
    this.#rpc = rpc;
    this.#environmentName = environmentName;
  }

  /**
   * A class by app and name. Makes no request: the class is looked up when it is first used.
   *
   * ```js
   * import { ModalClient } from "spawnpoint/client";
   *
   * const modal = ModalClient.fromConfig({ profile: "my-workspace" });
   * const model = modal.classes.fromName("my-app", "Model").instance({ size: 7 });
   * await model.method("predict").remote([1]); // 7
   * ```
   *
   * @throws InvalidError when the name has a dot, as `Class.method` has
   */
  fromName(appName: string, name: string, options: FromNameOptions = {}): Cls {
    if (name.includes(".")) {
      throw new InvalidError(
        `"${name}" is not the name of a class; write classes.fromName(app, "Class").instance().method("method").`,
      );
    }
    const { environmentName = this.#environmentName, version = 0 } = options;
    return new Cls(this.#rpc, new ServiceFunction(this.#rpc, { appName, name, environmentName, version }));
  }

  /**
   * Like {@link fromName}, but looks the class up at once.
   *
   * @throws NotFoundError when there is no such app or class
   */
  lookup(appName: string, name: string, options: FromNameOptions = {}): Promise<Cls> {
    return this.fromName(appName, name, options).hydrate();
  }
}
