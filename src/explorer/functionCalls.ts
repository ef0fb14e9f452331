import { listedCounts } from "../calls/inputCounts.ts";
import type { FunctionCallInfo, ModalClient } from "../client/index.ts";
import type { TargetList } from "../targets/targetList.ts";
import type { CallNode, FunctionNode } from "./nodes.ts";
import type { RememberedNodes } from "./rememberedNodes.ts";

/** No more calls of a function are listed than this. */
const MAX_CALLS = 20;

/** The last calls of a function, newest first; of a method, on whichever instance. */
export async function listCalls(
  targets: Pick<TargetList, "modal">,
  nodes: RememberedNodes,
  { appName, functionName, functionId, targetId, environmentName }: FunctionNode,
): Promise<CallNode[]> {
  const place = { targetId, environmentName };
  const infos = await callsOf(await targets.modal(place), functionId, functionName);
  const newest = infos.sort((a, b) => b.createdAt - a.createdAt).slice(0, MAX_CALLS);
  return newest.map((info) => {
    const { functionCallId, createdAt } = info;
    const id = `call:${targetId}/${functionCallId}`;
    const fixed = { kind: "call", id, ...place, appName, functionName, functionCallId, createdAt } as const;
    return nodes.node({ ...fixed, counts: listedCounts(info) });
  });
}

/** The methods of a class share an id. */
function callsOf({ calls }: ModalClient, functionId: string, functionName: string): Promise<FunctionCallInfo[]> {
  const [, methodName] = functionName.split(".");
  return methodName === undefined ? calls.list(functionId) : calls.listOfMethod(functionId, methodName);
}
