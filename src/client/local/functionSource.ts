import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError, UnimplementedError } from "../errors.ts";
import type { FunctionLookup } from "../functions/functionLookup.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";

/** Where a function is defined, for calls that no server takes part in. */
export interface SourcePlace {
  /** The Python file. */
  readonly path: string;
  /** As Python names it: `square`, `Shape.area`, `make.<locals>.inner`. */
  readonly qualname: string;
  /** Its app, where several in the file have a function of that name. Empty: any. */
  readonly appName: string;
  /** For a method: what its class is constructed with. */
  readonly parameters: Kwargs;
  /** As the user wrote them; what counts of those that the class declares as `str`. */
  readonly parameterTexts: Readonly<Record<string, string>>;
  /** The interpreter that runs it; empty when nobody has said. */
  readonly python: string;
}

/** The definition of a function. */
export interface FunctionSource {
  readonly path: string;
  /** First line, that of the first decorator, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly qualname: string;
  /** The lines from the first to the last. */
  readonly text: string;
}

/**
 * Asks the local engine where a function was deployed from; of a method, where its class was.
 *
 * @throws InvalidError when the server does not know: Modal's servers do not
 */
export async function deployedPlace(rpc: ModalRpc, lookup: FunctionLookup): Promise<SourcePlace> {
  const { appName, parameters } = lookup;
  const { path, qualifiedName, python } = await functionSource(rpc, await lookup.id());
  const qualname = lookup.methodName ? `${qualifiedName}.${lookup.methodName}` : qualifiedName;
  return { path, qualname, appName, parameters, parameterTexts: {}, python };
}

/**
 * Asks the local engine for a function's definition, as it was deployed.
 *
 * @throws InvalidError when the server does not know: Modal's servers do not
 */
export async function deployedDefinition(rpc: ModalRpc, lookup: FunctionLookup): Promise<FunctionSource> {
  const functionId = await lookup.id();
  const { path, line, endLine, qualifiedName, text } = await functionSource(rpc, functionId, lookup.methodName);
  return { path, line, endLine, qualname: qualifiedName, text };
}

async function functionSource(rpc: ModalRpc, functionId: string, methodName?: string) {
  try {
    return await rpc.getFunctionSource({ functionId, ...(methodName && { methodName }) });
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new InvalidError(
      "This server does not tell where a function is defined; make the function with functions.fromSource({ path, qualname }).",
      { cause: error },
    );
  }
}
