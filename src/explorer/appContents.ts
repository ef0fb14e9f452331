import type { AppFunction } from "../client/index.ts";
import type { TargetList } from "../targets/targetList.ts";
import { type Arrangement, filterOf } from "./arrangement.ts";
import type { AppNode, ClassNode, ContainerNode, DeploymentNode, FunctionNode, GroupNode } from "./nodes.ts";
import type { RememberedNodes } from "./rememberedNodes.ts";

/** What the tree needs of a function. */
type Named = Pick<AppFunction, "name" | "functionId" | "webUrl">;

/** The functions of an app at one of its versions. */
interface Layout {
  readonly version: number;
  readonly functions: readonly Named[];
}

/** Reads what is in an app: functions and classes, containers, deployments. */
export class AppContents {
  readonly #targets: Pick<TargetList, "modal">;
  readonly #nodes: RememberedNodes;
  readonly #arrangement: () => Arrangement;
  readonly #layouts = new Map<string, Layout>();

  constructor(targets: Pick<TargetList, "modal">, nodes: RememberedNodes, arrangement: () => Arrangement) {
    this.#targets = targets;
    this.#nodes = nodes;
    this.#arrangement = arrangement;
  }

  /** The functions and classes of an app's current version, by name, then what else it has. */
  async ofApp(app: AppNode): Promise<(FunctionNode | ClassNode | GroupNode)[]> {
    const { filter, grouping } = this.#arrangement();
    const passes = filterOf(filter).fn;
    const functions = (await this.#functions(app)).filter(({ name }) => passes(name));
    const isMethod = ({ name }: Named) => grouping === "class" && name.includes(".");
    const classes = new Map<string, Named[]>();
    for (const method of functions.filter(isMethod)) {
      const className = method.name.slice(0, method.name.indexOf("."));
      classes.set(className, [...(classes.get(className) ?? []), method]);
    }
    const rows = [
      ...functions.filter((fn) => !isMethod(fn)).map((fn) => this.#function(app, fn, false)),
      ...[...classes].map(([className, methods]) => this.#class(app, className, methods)),
    ];
    const nameOf = (row: FunctionNode | ClassNode) => (row.kind === "class" ? row.className : row.functionName);
    return [...rows.sort((a, b) => nameOf(a).localeCompare(nameOf(b))), ...this.#groups(app)];
  }

  /** The containers of an app that run or are about to, the oldest first. */
  async containers({ appId, appName, targetId, environmentName }: AppNode): Promise<ContainerNode[]> {
    const place = { targetId, environmentName };
    const containers = await (await this.#targets.modal(place)).containers.list(appId);
    containers.sort((a, b) => a.enqueuedAt - b.enqueuedAt);
    return containers.map(({ taskId, startedAt }) => {
      const id = `container:${targetId}/${taskId}`;
      return this.#nodes.node({ kind: "container", id, ...place, appName, taskId, startedAt });
    });
  }

  /** The deployments of an app, newest first. */
  async deployments({ appId, appName, targetId, environmentName }: AppNode): Promise<DeploymentNode[]> {
    const place = { targetId, environmentName };
    const deployments = await (await this.#targets.modal(place)).apps.history(appId);
    return deployments.map((deployment) => {
      const id = `deployment:${targetId}/${appId}/${deployment.version}`;
      return this.#nodes.node({ kind: "deployment", id, ...place, appId, appName, ...deployment });
    });
  }

  /** A version's layout never changes, so it is asked for once; what is large with 10,000 functions is the layout. */
  async #functions(app: AppNode): Promise<readonly Named[]> {
    const { apps } = await this.#targets.modal(app);
    const { version } = await apps.info(app.appId);
    app.version = version;
    const known = this.#layouts.get(app.id);
    if (known && version > 0 && known.version === version) return known.functions;
    const layout = await apps.layout(app.appId);
    const functions = layout.map(({ name, functionId, webUrl }) => ({ name, functionId, webUrl }));
    this.#layouts.set(app.id, { version, functions });
    return functions;
  }

  #function(app: AppNode, { name, functionId, webUrl }: Named, inClass: boolean): FunctionNode {
    const { appId, appName, targetId, environmentName } = app;
    const id = `function:${targetId}/${functionId}/${name}`;
    const fixed = {
      kind: "function",
      id,
      appId,
      appName,
      functionName: name,
      functionId,
      targetId,
      environmentName,
    } as const;
    return this.#nodes.node<FunctionNode>({ ...fixed, webUrl: webUrl ?? "", inClass, stats: undefined }, "stats");
  }

  #class(app: AppNode, className: string, methods: readonly Named[]): ClassNode {
    const { appId, appName, targetId, environmentName } = app;
    const functionId = methods[0]?.functionId ?? "";
    const rows = methods.map((method) => this.#function(app, method, true));
    rows.sort((a, b) => a.functionName.localeCompare(b.functionName));
    const id = `class:${targetId}/${functionId}`;
    const fixed = { kind: "class", id, appId, appName, className, functionId, targetId, environmentName } as const;
    return this.#nodes.node<ClassNode>({ ...fixed, methods: rows, stats: undefined }, "stats");
  }

  #groups(app: AppNode): GroupNode[] {
    const count = app.numRunningContainers;
    const containers: GroupNode = { kind: "containers", id: `containers:${app.id}`, app, count };
    const deployments: GroupNode = { kind: "deployments", id: `deployments:${app.id}`, app, count: 0 };
    const groups = app.state === "DEPLOYED" ? [containers, deployments] : [containers];
    return groups.map((group) => this.#nodes.node(group));
  }
}
