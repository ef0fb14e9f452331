import type { CallRecord } from "../calls/callRecord.ts";
import type { AppInfo } from "../client/index.ts";
import type { TargetList, TargetPlace } from "../targets/targetList.ts";
import { AppContents } from "./appContents.ts";
import { DeployTimes, lastCalls, sortApps } from "./appOrder.ts";
import { type Arrangement, filterOf } from "./arrangement.ts";
import { listCalls } from "./functionCalls.ts";
import type { AppNode, ExplorerNode, NoAppsNode, TargetNode } from "./nodes.ts";
import { RememberedNodes } from "./rememberedNodes.ts";

/** Of more apps than this none is unfolded by itself: each that is costs requests. */
const MAX_UNFOLDED_APPS = 10;

type Targets = Pick<TargetList, "all" | "modal">;

/** Reads what the tree shows from servers, one level at a time. The same thing is the same object in every answer, with its newest values. */
export class ExplorerData {
  readonly #targets: Targets;
  readonly #arrangement: () => Arrangement;
  readonly #nodes = new RememberedNodes();
  readonly #contents: AppContents;
  readonly #deployTimes = new DeployTimes();
  readonly #calls: () => readonly CallRecord[];

  /** @param calls those that were made from this workspace */
  constructor(targets: Targets, arrangement: () => Arrangement, calls: () => readonly CallRecord[] = () => []) {
    this.#calls = calls;
    this.#targets = targets;
    this.#arrangement = arrangement;
    this.#contents = new AppContents(targets, this.#nodes, arrangement);
  }

  targets(): TargetNode[] {
    return this.#targets.all.map(({ id: targetId, name, state }) => {
      const id = `target:${targetId}`;
      const node: TargetNode = { kind: "target", id, targetId, name, state, onlyEnvironment: "" };
      return this.#nodes.node<TargetNode>(node, "onlyEnvironment");
    });
  }

  /** What is below a row. */
  async children(node: ExplorerNode): Promise<ExplorerNode[]> {
    switch (node.kind) {
      case "target":
        return this.#environments(node);
      case "environment":
        return this.#appsOrNone(node, node.id);
      case "app":
        return this.#contents.ofApp(node);
      case "class":
        return [...node.methods];
      case "function":
        return listCalls(this.#targets, this.#nodes, node);
      case "containers":
        return this.#contents.containers(node.app);
      case "deployments":
        return this.#contents.deployments(node.app);
      default:
        return [];
    }
  }

  /** A target with one environment has its apps at once below it. */
  async #environments(target: TargetNode): Promise<ExplorerNode[]> {
    const { targetId } = target;
    const modal = await this.#targets.modal({ targetId, environmentName: "" });
    const environments = await modal.environments.list();
    const several = environments.length > 1;
    target.onlyEnvironment = several ? "" : (environments[0]?.name ?? "");
    if (!several) return this.#appsOrNone({ targetId, environmentName: "" }, target.id);
    return environments.map(({ name, isDefault }) => {
      const id = `environment:${targetId}/${name}`;
      const environmentName = isDefault ? "" : name;
      return this.#nodes.node({ kind: "environment", id, targetId, environmentName, name, isDefault });
    });
  }

  async #appsOrNone(place: TargetPlace, parentId: string): Promise<(AppNode | NoAppsNode)[]> {
    const apps = await this.#apps(place);
    if (apps.length > 0) return apps;
    return [this.#nodes.node({ kind: "noApps", id: `none:${parentId}`, filtered: this.#arrangement().filter !== "" })];
  }

  /** The apps that are deployed or still running. One request, however many there are, but where their order needs more. */
  async #apps(place: TargetPlace): Promise<AppNode[]> {
    const { targetId, environmentName } = place;
    const { filter, sort } = this.#arrangement();
    const modal = await this.#targets.modal(place);
    const passes = filterOf(filter).app;
    const apps = (await modal.apps.list()).filter(({ name, state }) => state !== "STOPPED" && passes(name));
    if (sort === "deployed") await this.#deployTimes.read(modal, apps);
    const calledAt = lastCalls(this.#calls(), place);
    const deployedAt = (app: AppInfo) => this.#deployTimes.of(app);
    sortApps(apps, sort, { deployedAt, calledAt: ({ name }) => calledAt.get(name) ?? 0 });
    const unfolded = apps.length <= MAX_UNFOLDED_APPS;
    return apps.map(({ appId, name: appName, state, numRunningContainers }) => {
      const id = `app:${targetId}/${appId}`;
      const node = {
        kind: "app",
        id,
        targetId,
        environmentName,
        appId,
        appName,
        unfolded,
        state,
        numRunningContainers,
      } as const;
      return this.#nodes.node<AppNode>({ ...node, version: 0 }, "unfolded", "version");
    });
  }
}
