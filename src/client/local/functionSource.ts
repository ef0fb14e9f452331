import type { ModalRpc } from "../connection.ts";
import { InvalidError, UnimplementedError } from "../errors.ts";
import type { Kwargs } from "../functionInput.ts";
import type { FunctionLookup } from "../functionLookup.ts";

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
  /** The interpreter that runs it; empty when nobody has said. */
  readonly python: string;
  /** The definition, where it is known without reading the file. */
  readonly definition?: FunctionSource;
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
 * Asks the local engine where a function was deployed from. The text of a function is that of the deployed version; of a class the
 * engine knows the place, and its methods are looked for there.
 *
 * @throws InvalidError when the server does not know: Modal's servers do not
 */
export async function deployedSource(rpc: ModalRpc, lookup: FunctionLookup): Promise<SourcePlace> {
  const { appName, parameters } = lookup;
  const functionId = await lookup.id();
  const { path, line, endLine, qualifiedName, text, python } = await functionSource(rpc, functionId);
  const place = { path, appName, parameters, python };
  if (lookup.methodName) return { ...place, qualname: `${qualifiedName}.${lookup.methodName}` };
  return { ...place, qualname: qualifiedName, definition: { path, line, endLine, qualname: qualifiedName, text } };
}

async function functionSource(rpc: ModalRpc, functionId: string) {
  try {
    return await rpc.getFunctionSource({ functionId });
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new InvalidError(
      "This server does not tell where a function is defined; make the function with functions.fromSource({ path, qualname }).",
      { cause: error },
    );
  }
}
