import type { ExplorerNode, ProblemNode } from "./nodes.ts";

/** Places that could not be read. They are left alone until the user or the target gives a reason to try again. */
export class Problems {
  readonly #problems = new Map<ExplorerNode, ProblemNode>();

  get(node: ExplorerNode): ProblemNode | undefined {
    return this.#problems.get(node);
  }

  add(node: ExplorerNode, error: unknown): ProblemNode {
    const problem = problemNode(node, error);
    this.#problems.set(node, problem);
    return problem;
  }

  solve(node: ExplorerNode): void {
    this.#problems.delete(node);
  }

  clear(): void {
    this.#problems.clear();
  }
}

/** @param parent what could not be read; undefined for the accounts themselves */
export function problemNode(parent: ExplorerNode | undefined, error: unknown): ProblemNode {
  const message = error instanceof Error ? error.message : String(error);
  const errorName = error instanceof Error ? error.name : "";
  return { kind: "problem", id: `problem:${parent?.id ?? "accounts"}`, message, errorName, parent };
}
