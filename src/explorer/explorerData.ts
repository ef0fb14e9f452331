import { listedCounts } from "../calls/inputCounts.ts";
import type { FunctionCallInfo, ModalClient } from "../client/index.ts";
import type { TargetList } from "../targets/targetList.ts";
import type { AppNode, CallNode, FunctionNode, TargetNode } from "./nodes.ts";

/** No more calls of a function are listed than this. */
const MAX_CALLS = 20;

/** Reads what the tree shows from a server. The same thing is the same object in every answer, with its newest values. */
export class ExplorerData {
  readonly #targets: Pick<TargetList, "all" | "modal">;
  readonly #nodes = new Map<string, TargetNode>();
  readonly #apps = new Map<string, AppNode>();
  readonly #functions = new Map<string, FunctionNode>();
  readonly #calls = new Map<string, CallNode>();

  constructor(targets: Pick<TargetList, "all" | "modal">) {
    this.#targets = targets;
  }

  targets(): TargetNode[] {
    return this.#targets.all.map(({ id: targetId, name, state }) => {
      const node = remembered<TargetNode>(this.#nodes, targetId, () => {
        return { kind: "target", id: `target:${targetId}`, targetId, name, state };
      });
      return Object.assign(node, { state });
    });
  }

  /** The apps that are deployed or still running, by name. */
  async apps({ targetId }: TargetNode): Promise<AppNode[]> {
    const place = { targetId, environmentName: "" };
    const modal = await this.#targets.modal(place);
    const apps = (await modal.apps.list()).filter((app) => app.state !== "STOPPED");
    const nodes = apps.map(async ({ appId, name, state }) => {
      const [current] = await modal.apps.history(appId);
      const id = `app:${targetId}/${appId}`;
      const node = remembered<AppNode>(this.#apps, id, () => {
        return { kind: "app", id, ...place, appId, appName: name, state, version: 0 };
      });
      return Object.assign(node, { state, version: current?.version ?? 0 });
    });
    return (await Promise.all(nodes)).sort((a, b) => a.appName.localeCompare(b.appName));
  }

  /** The functions of an app's current version, and methods as `Class.method`, by name. Methods have the stats of their class, all instances together. */
  async functions({ appId, appName, targetId, environmentName }: AppNode): Promise<FunctionNode[]> {
    const place = { targetId, environmentName };
    const modal = await this.#targets.modal(place);
    const functions = await modal.apps.layout(appId);
    const nodes = functions.map(async ({ name, functionId }) => {
      const id = `function:${targetId}/${functionId}/${name}`;
      const node = remembered<FunctionNode>(this.#functions, id, () => {
        return { kind: "function", id, ...place, appName, functionName: name, functionId, stats: undefined };
      });
      const stats = await modal.functions.fromId(functionId).getCurrentStats();
      return Object.assign(node, { stats });
    });
    return (await Promise.all(nodes)).sort((a, b) => a.functionName.localeCompare(b.functionName));
  }

  /** The last calls of a function, newest first; of a method, on whichever instance. */
  async calls({ appName, functionName, functionId, targetId, environmentName }: FunctionNode): Promise<CallNode[]> {
    const place = { targetId, environmentName };
    const modal = await this.#targets.modal(place);
    const infos = await callsOf(modal, functionId, functionName);
    const newest = infos.sort((a, b) => b.createdAt - a.createdAt).slice(0, MAX_CALLS);
    return newest.map((info) => {
      const { functionCallId, createdAt } = info;
      const node = remembered<CallNode>(this.#calls, functionCallId, () => {
        const id = `call:${targetId}/${functionCallId}`;
        return {
          kind: "call",
          id,
          ...place,
          appName,
          functionName,
          functionCallId,
          createdAt,
          counts: listedCounts(info),
        };
      });
      return Object.assign(node, { counts: listedCounts(info) });
    });
  }
}

/** The methods of a class share an id. */
function callsOf({ calls }: ModalClient, functionId: string, functionName: string): Promise<FunctionCallInfo[]> {
  const [, methodName] = functionName.split(".");
  return methodName === undefined ? calls.list(functionId) : calls.listOfMethod(functionId, methodName);
}

function remembered<T>(nodes: Map<string, T>, key: string, make: () => T): T {
  const node = nodes.get(key) ?? make();
  nodes.set(key, node);
  return node;
}
