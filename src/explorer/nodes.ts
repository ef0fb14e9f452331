import type { InputCounts } from "../calls/inputCounts.ts";
import type { AppStateName, FunctionStats } from "../client/index.ts";
import type { TargetState } from "../targets/lazyTarget.ts";
import type { TargetPlace } from "../targets/targetList.ts";

/** A row of the tree. Each is made once and then changed, as VS Code knows rows by identity. */
export type ExplorerNode =
  | TargetNode
  | EnvironmentNode
  | AppNode
  | ClassNode
  | FunctionNode
  | CallNode
  | GroupNode
  | ContainerNode
  | DeploymentNode
  | NoAppsNode
  | ProblemNode;

export interface TargetNode {
  readonly kind: "target";
  readonly id: string;
  readonly targetId: string;
  readonly name: string;
  state: TargetState;
  /** The target's only environment; empty before it is known, and when there are several. */
  onlyEnvironment: string;
}

/** Stands between a target and its apps when the target has several environments. */
export interface EnvironmentNode extends TargetPlace {
  readonly kind: "environment";
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
}

export interface AppNode extends TargetPlace {
  readonly kind: "app";
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  /** Whether it is unfolded when it is first shown. */
  readonly unfolded: boolean;
  state: AppStateName;
  numRunningContainers: number;
  /** Counts the deployments from 1; 0 before the app is unfolded, and when the server does not say. */
  version: number;
}

/** A class, whose methods are below it. Its containers run all of them. */
export interface ClassNode extends TargetPlace {
  readonly kind: "class";
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  readonly className: string;
  readonly functionId: string;
  readonly methods: readonly FunctionNode[];
  /** Undefined until it was asked for. */
  stats: FunctionStats | undefined;
}

/** A function, or a method as `Class.method`. */
export interface FunctionNode extends TargetPlace {
  readonly kind: "function";
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  readonly functionName: string;
  readonly functionId: string;
  /** Where it is reached by HTTP; empty when it is not. */
  readonly webUrl: string;
  /** Whether its class stands above it. */
  readonly inClass: boolean;
  /** Undefined until it was asked for. */
  stats: FunctionStats | undefined;
}

export interface CallNode extends TargetPlace {
  readonly kind: "call";
  readonly id: string;
  readonly appName: string;
  readonly functionName: string;
  readonly functionCallId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  counts: InputCounts;
}

/** What an app has besides functions. */
export interface GroupNode {
  readonly kind: "containers" | "deployments";
  readonly id: string;
  readonly app: AppNode;
  /** The number of containers that run; 0 for deployments, which are not counted. */
  count: number;
}

export interface ContainerNode extends TargetPlace {
  readonly kind: "container";
  readonly id: string;
  readonly appName: string;
  readonly taskId: string;
  /** Unix milliseconds; 0 while it is still to start. */
  startedAt: number;
}

export interface DeploymentNode extends TargetPlace {
  readonly kind: "deployment";
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  readonly version: number;
  /** Unix milliseconds. */
  readonly deployedAt: number;
  readonly deployedBy: string;
  readonly tag: string;
  readonly rollbackOf: number | undefined;
  isCurrent: boolean;
  rollbackAllowed: boolean;
}

/** Says that a place has no apps, or none that the filter lets through. */
export interface NoAppsNode {
  readonly kind: "noApps";
  readonly id: string;
  readonly filtered: boolean;
}

/** Stands where children would, when they could not be read. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly id: string;
  readonly message: string;
  /** The error's, e.g. `AuthError`: it decides what a click does. */
  readonly errorName: string;
  /** What could not be read; undefined for the accounts themselves. */
  readonly parent: ExplorerNode | undefined;
}

/** Whether a row is unfolded when it is first shown. */
export function startsUnfolded(node: ExplorerNode): boolean {
  switch (node.kind) {
    case "target":
      return node.targetId === "local";
    case "environment":
      return node.isDefault;
    case "app":
      return node.unfolded;
    default:
      return node.kind === "class";
  }
}

export function isExplorerNode(value: unknown): value is ExplorerNode {
  return typeof value === "object" && value !== null && "kind" in value && "id" in value;
}
