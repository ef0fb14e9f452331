import type { SyntaxNode } from "@lezer/common";
import { children } from "./pythonSyntax.ts";

/** One parameter of a Python function, as it is written. */
export interface FunctionParameter {
  readonly name: string;
  readonly kind: "positional" | "var_positional" | "keyword" | "var_keyword";
  /** Source text of the type and of the default. */
  readonly annotation: string | undefined;
  readonly default: string | undefined;
}

export function parametersOf(text: string, paramList: SyntaxNode | null): FunctionParameter[] {
  if (!paramList) return [];
  const parameters: FunctionParameter[] = [];
  let isKeyword = false;
  for (const part of parts(paramList)) {
    const stars = part[0]?.name ?? "";
    const name = part.find((node) => node.name === "VariableName");
    if (stars === "*") isKeyword = true;
    if (!name) continue; // A bare `*` or `/`.
    const annotation = part.find((node) => node.name === "TypeDef");
    const value = part.at(-1);
    const hasDefault = value?.prevSibling?.name === "AssignOp";
    parameters.push({
      name: text.slice(name.from, name.to),
      kind: stars === "*" ? "var_positional" : stars === "**" ? "var_keyword" : isKeyword ? "keyword" : "positional",
      annotation: annotation && text.slice(annotation.from, annotation.to).replace(/^:\s*/, ""),
      default: value && hasDefault ? text.slice(value.from, value.to) : undefined,
    });
  }
  return parameters;
}

/** As between the parentheses of a signature: `a, b: int = 1, *rest`. */
export function parametersText(parameters: readonly FunctionParameter[]): string {
  return parameters.map(parameterText).join(", ");
}

function parameterText({ name, kind, annotation, default: value }: FunctionParameter): string {
  const stars = kind === "var_positional" ? "*" : kind === "var_keyword" ? "**" : "";
  return `${stars}${name}${annotation ? `: ${annotation}` : ""}${value ? ` = ${value}` : ""}`;
}

/** The nodes between commas. */
function parts(paramList: SyntaxNode): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of children(paramList)) {
    if (node.name === ",") groups.push([]);
    else if (node.name !== "(" && node.name !== ")") groups.at(-1)?.push(node);
  }
  return groups;
}
