import type { AppFunction } from "../workspace/apps.ts";
import type { FunctionCall } from "./functionCall.ts";

/**
 * Which of an app's functions a call is of. Methods of a class share an id, and instances with parameters have ids that no layout
 * has: there the call graph is asked, which names the method.
 *
 * @param functions the app's layout
 * @param functionId as the call tells it
 * @returns undefined when it is none of them
 */
export async function calledFunction(
  functions: readonly AppFunction[],
  functionId: string,
  call: Pick<FunctionCall, "getCallGraph">,
): Promise<AppFunction | undefined> {
  const [first, ...others] = functions.filter((fn) => fn.functionId === functionId);
  if (first && others.length === 0) return first;
  const [root] = await call.getCallGraph();
  return functions.find(({ name }) => name === root?.functionName);
}
