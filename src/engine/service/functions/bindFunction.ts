import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import { callables, completeParameters } from "../../deploy/classes.ts";
import type { FunctionDefinition, FunctionOptions, InstanceArguments } from "../../deploy/definition.ts";
import type { House } from "../house.ts";

/**
 * The function that stays at a version of its app, whatever is deployed later, with containers of its own.
 *
 * @param version one that the app has
 * @returns its id
 */
export async function pinFunction({ store }: House, functionId: string, version: number): Promise<string> {
  const base = store.apps.function(functionId);
  if (!base) throw new RpcError(RpcStatus.NOT_FOUND, `There is no function ${functionId} here.`);
  const binding = {
    baseId: functionId,
    parameters: [],
    pickled: new Uint8Array(),
    options: { pinned_version: version },
  };
  return store.database.write(() => store.apps.bind(base, binding));
}

/**
 * The function that is a given one with arguments or options of its own, with containers of its own. The same again is the same
 * function. Of a function that is bound already, options change and arguments stay where none are given.
 *
 * @returns its id
 * @throws RpcError NOT_FOUND when the function is not deployed, INVALID_ARGUMENT for parameters that it does not take, and for
 * batches of a generator
 */
export async function bindFunction(
  { store, deployments }: House,
  functionId: string,
  given: InstanceArguments & { readonly options: FunctionOptions },
): Promise<string> {
  const { definition } = deployments.launchOf(functionId);
  if (given.options.batch_max_size) checkBatchable(definition);
  const { binding } = deployments.find(functionId);
  const base = store.apps.function(binding?.baseId ?? functionId);
  if (!base) throw new RpcError(RpcStatus.NOT_FOUND, `There is no function ${functionId} here.`);
  const keeps = binding !== undefined && given.parameters.length === 0 && given.pickled.length === 0;
  const args = keeps ? binding : given;
  const options = { ...binding?.options, ...given.options };
  if (!definition.cls && (args.parameters.length > 0 || args.pickled.length > 0)) {
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, `${definition.name} is no class, so it takes no parameters.`);
  }
  const isTyped = definition.cls?.parameter_format === "typed";
  const parameters = definition.cls && isTyped ? completeParameters(definition.cls, args.parameters) : [];
  const pickled = isTyped ? new Uint8Array() : args.pickled;
  return store.database.write(() => store.apps.bind(base, { baseId: base.functionId, parameters, pickled, options }));
}

function checkBatchable(definition: FunctionDefinition): void {
  const generator = callables(definition).find(({ callable }) => callable.is_generator);
  if (!generator) return;
  throw new RpcError(RpcStatus.INVALID_ARGUMENT, `${generator.name} is a generator, which cannot be given batches.`);
}
