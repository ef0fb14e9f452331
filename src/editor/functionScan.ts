import type { SyntaxNode, Tree } from "@lezer/common";
import { type FunctionParameter, parametersOf } from "./functionParameters.ts";
import { ModalNames } from "./modalNames.ts";
import { children, keywordArgument, stringLiteral } from "./pythonSyntax.ts";

/** A Modal function as it stands in a Python text. */
export interface FunctionDeclaration {
  /** Undefined when the text does not say it literally: it is known only after the file has run. */
  readonly appName: string | undefined;
  /** `Class.method` for a method. */
  readonly functionName: string;
  /** Offset of the first decorator. */
  readonly from: number;
  /** Offset of the function's name. */
  readonly nameFrom: number;
  /** Offset of the end of its body. */
  readonly to: number;
  readonly isGenerator: boolean;
  readonly isAsync: boolean;
  /** Those that a caller gives: of a method without `self`. */
  readonly parameters: readonly FunctionParameter[];
}

/**
 * Finds the functions that a Python text gives to Modal apps with `@app.function(…)`, and the methods of its classes (`@app.cls(…)`). Reads
 * the syntax tree only; no code runs. What is not at module level (where Modal wants its functions) is left out, as are inherited methods.
 */
export function scanFunctions(text: string, tree: Tree): FunctionDeclaration[] {
  const names = new ModalNames(text);
  const found: FunctionDeclaration[] = [];
  visit(tree.topNode);
  return found;

  function visit(block: SyntaxNode): void {
    for (const node of children(block)) {
      names.read(node);
      if (node.name === "DecoratedStatement") found.push(...declarations(text, node, names));
      else if (node.name !== "FunctionDefinition" && node.name !== "ClassDefinition") visit(node);
    }
  }
}

function declarations(text: string, node: SyntaxNode, names: ModalNames): FunctionDeclaration[] {
  const definition = node.getChild("FunctionDefinition");
  if (definition) return functionDeclaration(text, node, definition, names);
  const classDefinition = node.getChild("ClassDefinition");
  return classDefinition ? methodDeclarations(text, node, classDefinition, names) : [];
}

function functionDeclaration(
  text: string,
  node: SyntaxNode,
  definition: SyntaxNode,
  names: ModalNames,
): FunctionDeclaration[] {
  const name = definedName(text, definition);
  for (const decorator of node.getChildren("Decorator")) {
    const app = decoratingApp(text, decorator, "function", names);
    if (!app || !name) continue;
    const given = keywordArgument(text, decorator.getChild("ArgList"), "name");
    const functionName = (given && stringLiteral(text, given)) ?? name;
    return [declared(text, node, definition, app.name, functionName)];
  }
  return [];
}

function methodDeclarations(
  text: string,
  node: SyntaxNode,
  classDefinition: SyntaxNode,
  names: ModalNames,
): FunctionDeclaration[] {
  const apps = node.getChildren("Decorator").map((decorator) => decoratingApp(text, decorator, "cls", names));
  const app = apps.find((found) => found !== undefined);
  if (!app) return [];
  const className = definedName(text, classDefinition);
  return (classDefinition.getChild("Body")?.getChildren("DecoratedStatement") ?? []).flatMap((member) => {
    const definition = member.getChild("FunctionDefinition");
    const isMethod = member
      .getChildren("Decorator")
      .some((found) => names.isMethodDecorator(decoratorName(text, found)));
    const name = definition && definedName(text, definition);
    if (!name || !isMethod) return [];
    const method = declared(text, member, definition, app.name, `${className}.${name}`);
    return [{ ...method, parameters: method.parameters.slice(1) }];
  });
}

function declared(
  text: string,
  node: SyntaxNode,
  definition: SyntaxNode,
  appName: string | undefined,
  functionName: string,
): FunctionDeclaration {
  return {
    appName,
    functionName,
    from: node.from,
    nameFrom: definition.getChild("VariableName")?.from ?? definition.from,
    to: node.to,
    isGenerator: yields(definition.getChild("Body")),
    isAsync: definition.getChild("async") !== null,
    parameters: parametersOf(text, definition.getChild("ParamList")),
  };
}

/** Empty while it is not typed yet. */
function definedName(text: string, definition: SyntaxNode): string {
  const name = definition.getChild("VariableName");
  return name ? text.slice(name.from, name.to) : "";
}

/** `a.b` of `@a.b(…)`; empty without the call, which Modal's decorators need. */
function decoratorName(text: string, decorator: SyntaxNode): string {
  if (!decorator.getChild("ArgList")) return "";
  return decorator
    .getChildren("VariableName")
    .map(({ from, to }) => text.slice(from, to))
    .join(".");
}

/** The app of `@app.function(…)` or `@app.cls(…)`. */
function decoratingApp(text: string, decorator: SyntaxNode, kind: "function" | "cls", names: ModalNames) {
  const [variable, method, ...others] = decoratorName(text, decorator).split(".");
  return variable && method === kind && others.length === 0 ? names.app(variable) : undefined;
}

function yields(node: SyntaxNode | null): boolean {
  if (!node) return false;
  return children(node).some((child) => {
    if (child.name === "YieldStatement" || child.name === "YieldExpression") return true;
    return !["FunctionDefinition", "ClassDefinition", "LambdaExpression"].includes(child.name) && yields(child);
  });
}
