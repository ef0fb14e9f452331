import type { ModalRpc } from "../connection/modalRpc.ts";
import { InvalidError, NotFoundError } from "../errors.ts";
import type { FunctionOrigin } from "./functionHandle.ts";
import type { OptionsMessage } from "./functionOptions.ts";

/**
 * The same function with settings of its own: another function for the server (`FunctionBindParams`), with other containers.
 *
 * @param options what differs from the deployment
 */
export function originOfVariant(rpc: ModalRpc, base: FunctionOrigin, options: OptionsMessage): FunctionOrigin {
  const { appName, name, environmentName = "" } = base;
  const lookUp = async () => {
    const { functionId, metadata } = await base.lookUp();
    if (metadata.isMethod) {
      throw new InvalidError(
        `${name} is a method, which has no containers of its own; change the options of its class.`,
      );
    }
    const bound = await rpc.functionBindParams({ functionId, functionOptions: options, environmentName });
    if (bound.handleMetadata) return { functionId: bound.boundFunctionId, metadata: bound.handleMetadata };
    throw new NotFoundError(
      `The server took the options of ${name}, but told nothing of the function; deploy it again.`,
    );
  };
  return { appName, name, environmentName, lookUp };
}
