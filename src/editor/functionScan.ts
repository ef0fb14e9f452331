import type { SyntaxNode, Tree } from "@lezer/common";
import { classParametersOf } from "./classParameters.ts";
import { type FunctionParameter, parametersOf } from "./functionParameters.ts";
import { ModalNames } from "./modalNames.ts";
import { children, keywordArgument, stringLiteral } from "./pythonSyntax.ts";

/** What a declaration is: called as a function (or method), by HTTP, or run on this machine as the entrypoint of its app. */
export type FunctionKind = "function" | "webEndpoint" | "localEntrypoint";

/** A Modal function as it stands in a Python text. */
export interface FunctionDeclaration {
  readonly kind: FunctionKind;
  /** Undefined when the text does not say it literally: it is known only after the file has run. */
  readonly appName: string | undefined;
  /** As Modal knows it: the name that the decorator gives, and `Class.method` for a method. */
  readonly functionName: string;
  /** As Python names it: `square`, `Class.method`. */
  readonly qualifiedName: string;
  /** Offset of the first decorator. */
  readonly from: number;
  /** Offset of the function's name. */
  readonly nameFrom: number;
  /** Offset of the colon that ends its signature. */
  readonly signatureTo: number;
  /** Offset of the end of its body. */
  readonly to: number;
  readonly isGenerator: boolean;
  /** Those that a caller gives: of a method without `self`. */
  readonly parameters: readonly FunctionParameter[];
  /** Of a method: what an instance of its class is made with. */
  readonly classParameters: readonly FunctionParameter[];
}

/** What holds statements that belong to the module; functions and classes have names of their own. */
const BLOCKS = new Set([
  "Body",
  "ForStatement",
  "IfStatement",
  "MatchBody",
  "MatchClause",
  "MatchStatement",
  "TryStatement",
  "WhileStatement",
  "WithStatement",
]);

/** Whether a text may have functions for `scanFunctions`; cheap, and never wrong when it says no. */
export function mayHaveFunctions(text: string): boolean {
  return /\.\s*(function|cls|local_entrypoint)\s*\(/.test(text);
}

/**
 * Finds the functions that a Python text gives to Modal apps with `@app.function(…)`, the methods of its classes (`@app.cls(…)`), HTTP
 * endpoints and local entrypoints. Reads the syntax tree only; no code runs. What is not at module level (where Modal wants its functions)
 * is left out, as are inherited methods, and decorators without a call, which Modal refuses.
 */
export function scanFunctions(text: string, tree: Tree): FunctionDeclaration[] {
  const names = new ModalNames(text);
  const found: FunctionDeclaration[] = [];
  visit(tree.topNode, false);
  return found;

  function visit(block: SyntaxNode, isConditional: boolean): void {
    for (const node of children(block)) {
      names.read(node, isConditional);
      if (node.name === "DecoratedStatement") found.push(...new Decorated(text, node, names).declarations());
      else if (BLOCKS.has(node.name)) visit(node, true);
    }
  }
}

/** A function or class at module level, with its decorators. */
class Decorated {
  readonly #text: string;
  readonly #node: SyntaxNode;
  readonly #names: ModalNames;

  constructor(text: string, node: SyntaxNode, names: ModalNames) {
    this.#text = text;
    this.#node = node;
    this.#names = names;
  }

  declarations(): FunctionDeclaration[] {
    const definition = this.#node.getChild("FunctionDefinition");
    if (definition) return this.#function(definition);
    const classDefinition = this.#node.getChild("ClassDefinition");
    return classDefinition ? this.#methods(classDefinition) : [];
  }

  #function(definition: SyntaxNode): FunctionDeclaration[] {
    const qualifiedName = this.#definedName(definition);
    for (const decorator of this.#node.getChildren("Decorator")) {
      const [appVariable, method] = splitLast(this.#decoratorName(decorator));
      const app = this.#names.app(appVariable);
      if (!app || !qualifiedName || (method !== "function" && method !== "local_entrypoint")) continue;
      const given = keywordArgument(this.#text, decorator.getChild("ArgList"), "name");
      const functionName = (given && stringLiteral(this.#text, given)) ?? qualifiedName;
      const kind = method === "function" ? this.#kindOf(this.#node) : "localEntrypoint";
      return [this.#declared(this.#node, definition, { kind, appName: app.name, functionName, qualifiedName })];
    }
    return [];
  }

  #methods(classDefinition: SyntaxNode): FunctionDeclaration[] {
    const className = this.#definedName(classDefinition);
    const apps = this.#node.getChildren("Decorator").map((decorator) => {
      const [appVariable, method] = splitLast(this.#decoratorName(decorator));
      return method === "cls" ? this.#names.app(appVariable) : undefined;
    });
    const app = apps.find((found) => found !== undefined);
    if (!app) return [];
    const classParameters = classParametersOf(this.#text, classDefinition.getChild("Body"), this.#names);
    return (classDefinition.getChild("Body")?.getChildren("DecoratedStatement") ?? []).flatMap((member) => {
      const definition = member.getChild("FunctionDefinition");
      const name = definition && this.#definedName(definition);
      const kind = this.#kindOf(member);
      if (!name || (kind === "function" && !this.#isMethod(member))) return [];
      const functionName = `${className}.${name}`;
      const names = { kind, appName: app.name, functionName, qualifiedName: functionName };
      const method = this.#declared(member, definition, names);
      return [{ ...method, parameters: method.parameters.slice(1), classParameters }];
    });
  }

  #declared(
    node: SyntaxNode,
    definition: SyntaxNode,
    names: Pick<FunctionDeclaration, "kind" | "appName" | "functionName" | "qualifiedName">,
  ): FunctionDeclaration {
    const body = definition.getChild("Body");
    return {
      ...names,
      from: node.from,
      nameFrom: definition.getChild("VariableName")?.from ?? definition.from,
      signatureTo: body?.from ?? definition.to,
      to: node.to,
      isGenerator: yields(body),
      parameters: parametersOf(this.#text, definition.getChild("ParamList")),
      classParameters: [],
    };
  }

  #kindOf(decorated: SyntaxNode): "function" | "webEndpoint" {
    const isWeb = decorated
      .getChildren("Decorator")
      .some((decorator) => this.#names.isWebDecorator(this.#decoratorName(decorator)));
    return isWeb ? "webEndpoint" : "function";
  }

  #isMethod(member: SyntaxNode): boolean {
    const decorators = member.getChildren("Decorator");
    return decorators.some((decorator) => this.#names.isMethodDecorator(this.#decoratorName(decorator)));
  }

  /** Empty while it is not typed yet. */
  #definedName(definition: SyntaxNode): string {
    const name = definition.getChild("VariableName");
    return name ? this.#text.slice(name.from, name.to) : "";
  }

  /** `a.b` of `@a.b(…)`; empty without the call, which Modal's decorators need. */
  #decoratorName(decorator: SyntaxNode): string {
    if (!decorator.getChild("ArgList")) return "";
    const names = decorator.getChildren("VariableName");
    return names.map(({ from, to }) => this.#text.slice(from, to)).join(".");
  }
}

/** `["a.b", "c"]` for `a.b.c`. */
function splitLast(dottedName: string): [string, string] {
  const split = dottedName.lastIndexOf(".");
  return [dottedName.slice(0, Math.max(0, split)), dottedName.slice(split + 1)];
}

/** Whether a body yields, not counting what is defined in it. */
function yields(body: SyntaxNode | null): boolean {
  let isFound = false;
  body?.cursor().iterate(({ name }) => {
    isFound ||= name === "YieldStatement" || name === "YieldExpression";
    return !isFound && !["FunctionDefinition", "ClassDefinition", "LambdaExpression"].includes(name);
  });
  return isFound;
}
