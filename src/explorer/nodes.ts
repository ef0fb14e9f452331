import type { InputCounts } from "../calls/inputCounts.ts";
import type { AppStateName, FunctionStats } from "../client/index.ts";
import type { TargetState } from "../targets/lazyTarget.ts";
import type { TargetPlace } from "../targets/targetList.ts";

/** A row of the tree. Each is made once and then changed, as VS Code knows rows by identity. */
export type ExplorerNode = TargetNode | AppNode | FunctionNode | CallNode | ProblemNode;

export interface TargetNode {
  readonly kind: "target";
  readonly id: string;
  readonly targetId: string;
  readonly name: string;
  state: TargetState;
}

export interface AppNode extends TargetPlace {
  readonly kind: "app";
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  state: AppStateName;
  /** Counts the deployments from 1; 0 when the server does not say. */
  version: number;
}

export interface FunctionNode extends TargetPlace {
  readonly kind: "function";
  readonly id: string;
  readonly appName: string;
  readonly functionName: string;
  readonly functionId: string;
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

/** Stands where children would, when they could not be read. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly id: string;
  readonly message: string;
  readonly parent: ExplorerNode;
}

export function isExplorerNode(value: unknown): value is ExplorerNode {
  return typeof value === "object" && value !== null && "kind" in value && "id" in value;
}
