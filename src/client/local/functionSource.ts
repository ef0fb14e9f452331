import type { ModalRpc } from "../connection.ts";
import { InvalidError, UnimplementedError } from "../errors.ts";

/** Where a function is defined, for calls that no server takes part in. */
export interface SourcePlace {
  /** The Python file. */
  readonly path: string;
  /** As Python names it: `square`, `Shape.area`, `make.<locals>.inner`. */
  readonly qualname: string;
  /** Its app, where several in the file have a function of that name. Empty: any. */
  readonly appName: string;
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
 * Asks the local engine where a function was deployed from. The text is that of the deployed version.
 *
 * @throws InvalidError when the server does not know: Modal's servers do not
 */
export async function deployedSource(rpc: ModalRpc, functionId: string, appName: string): Promise<SourcePlace> {
  try {
    const { path, line, endLine, qualifiedName, text, python } = await rpc.getFunctionSource({ functionId });
    const definition = { path, line, endLine, qualname: qualifiedName, text };
    return { path, qualname: qualifiedName, appName, python, definition };
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new InvalidError(
      "This server does not tell where a function is defined; make the function with functions.fromSource({ path, qualname }).",
      { cause: error },
    );
  }
}
