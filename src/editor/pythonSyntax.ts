import type { SyntaxNode } from "@lezer/common";

/** The direct children of a node. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) nodes.push(child);
  return nodes;
}

/** The value that a call's `ArgList` gives to a keyword. */
export function keywordArgument(text: string, argList: SyntaxNode | null, keyword: string): SyntaxNode | undefined {
  for (const node of argList?.getChildren("VariableName") ?? []) {
    if (text.slice(node.from, node.to) !== keyword || node.nextSibling?.name !== "AssignOp") continue;
    return afterComments(node.nextSibling.nextSibling);
  }
  return undefined;
}

/** The first positional argument of a call's `ArgList`. */
export function firstArgument(argList: SyntaxNode | null): SyntaxNode | undefined {
  const first = argList ? afterComments(argList.firstChild?.nextSibling) : undefined;
  if (!first || first.name === ")" || first.nextSibling?.name === "AssignOp") return undefined;
  return first;
}

function afterComments(node: SyntaxNode | null | undefined): SyntaxNode | undefined {
  let next = node;
  while (next?.name === "Comment") next = next.nextSibling;
  return next ?? undefined;
}

/** The text that a plain string literal, or several beside each other, stands for; undefined for f-strings, escapes and anything else. */
export function stringLiteral(text: string, node: SyntaxNode): string | undefined {
  if (node.name === "ContinuedString") {
    const parts = children(node).map((part) => stringLiteral(text, part));
    return parts.every((part) => part !== undefined) ? parts.join("") : undefined;
  }
  if (node.name === "ParenthesizedExpression") {
    const inner = afterComments(node.firstChild?.nextSibling);
    return inner && stringLiteral(text, inner);
  }
  if (node.name !== "String") return undefined;
  return /^[ru]?("""|'''|"|')([^\\]*)\1$/i.exec(text.slice(node.from, node.to))?.[2];
}
