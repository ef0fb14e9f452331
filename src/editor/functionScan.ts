import type { SyntaxNode, Tree } from "@lezer/common";
import { type FunctionParameter, parametersOf } from "./functionParameters.ts";
import { ModalNames } from "./modalNames.ts";
import { children, keywordArgument, stringLiteral } from "./pythonSyntax.ts";

/** A Modal function as it stands in a Python text. */
export interface FunctionDeclaration {
  /** Undefined when the text does not say it literally: it is known only after the file has run. */
  readonly appName: string | undefined;
  readonly functionName: string;
  /** Offset of the first decorator. */
  readonly from: number;
  /** Offset of the function's name. */
  readonly nameFrom: number;
  /** Offset of the end of its body. */
  readonly to: number;
  readonly isGenerator: boolean;
  readonly isAsync: boolean;
  readonly parameters: readonly FunctionParameter[];
}

/**
 * Finds the functions that a Python text gives to Modal apps with `@app.function(…)`. Reads the syntax tree only; no
 * code runs. What is not at module level (where Modal wants its functions) is left out, as are methods of classes.
 */
export function scanFunctions(text: string, tree: Tree): FunctionDeclaration[] {
  const names = new ModalNames(text);
  const found: FunctionDeclaration[] = [];
  visit(tree.topNode);
  return found;

  function visit(block: SyntaxNode): void {
    for (const node of children(block)) {
      names.read(node);
      if (node.name === "DecoratedStatement") found.push(...declaration(text, node, names));
      else if (node.name !== "FunctionDefinition" && node.name !== "ClassDefinition") visit(node);
    }
  }
}

function declaration(text: string, node: SyntaxNode, names: ModalNames): FunctionDeclaration[] {
  const definition = node.getChild("FunctionDefinition");
  const name = definition?.getChild("VariableName");
  if (!definition || !name) return [];
  for (const decorator of node.getChildren("Decorator")) {
    const app = decoratingApp(text, decorator, names);
    if (!app) continue;
    const given = keywordArgument(text, decorator.getChild("ArgList"), "name");
    return [
      {
        appName: app.name,
        functionName: (given && stringLiteral(text, given)) ?? text.slice(name.from, name.to),
        from: node.from,
        nameFrom: name.from,
        to: node.to,
        isGenerator: yields(definition.getChild("Body")),
        isAsync: definition.getChild("async") !== null,
        parameters: parametersOf(text, definition.getChild("ParamList")),
      },
    ];
  }
  return [];
}

/** The app of `@app.function(…)`. */
function decoratingApp(text: string, decorator: SyntaxNode, names: ModalNames) {
  const [variable, method, ...others] = decorator.getChildren("VariableName");
  if (!variable || !method || others.length > 0 || !decorator.getChild("ArgList")) return undefined;
  if (text.slice(method.from, method.to) !== "function") return undefined;
  return names.app(text.slice(variable.from, variable.to));
}

function yields(node: SyntaxNode | null): boolean {
  if (!node) return false;
  return children(node).some((child) => {
    if (child.name === "YieldStatement" || child.name === "YieldExpression") return true;
    return !["FunctionDefinition", "ClassDefinition", "LambdaExpression"].includes(child.name) && yields(child);
  });
}
