import type { SyntaxNode } from "@lezer/common";
import { children, firstArgument, keywordArgument, stringLiteral } from "./pythonSyntax.ts";

/** An app variable. The name is undefined when it is not written literally. */
export interface AppVariable {
  readonly name: string | undefined;
}

/**
 * Which names of a Python module stand for the `modal` package, its `App` class and `method` decorator and for apps, read statement by
 * statement.
 */
export class ModalNames {
  readonly #text: string;
  readonly #modules = new Set<string>();
  readonly #appClasses = new Set<string>();
  readonly #methodDecorators = new Set<string>();
  readonly #apps = new Map<string, AppVariable>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The app that a variable holds. */
  app(variable: string): AppVariable | undefined {
    return this.#apps.get(variable);
  }

  /** Whether a name, such as `method` or `modal.method`, is Modal's decorator for methods. */
  isMethodDecorator(name: string): boolean {
    const [module, property, ...others] = name.split(".");
    if (property === undefined) return this.#methodDecorators.has(name);
    return others.length === 0 && property === "method" && this.#modules.has(module ?? "");
  }

  /** Learns from an import or an assignment. */
  read(statement: SyntaxNode): void {
    if (statement.name === "ImportStatement") this.#readImport(statement);
    if (statement.name === "AssignStatement") this.#readAssignment(statement);
  }

  #readImport(statement: SyntaxNode): void {
    const [keyword, ...rest] = children(statement);
    const splitAt = rest.findIndex((node) => node.name === "import");
    const isFrom = keyword?.name === "from";
    const source = isFrom
      ? rest
          .slice(0, splitAt)
          .map((node) => this.#slice(node))
          .join("")
      : "";
    for (const { name, alias } of this.#imported(isFrom ? rest.slice(splitAt + 1) : rest)) {
      if (!isFrom && name === "modal") this.#modules.add(alias);
      else if (source === "modal" && name === "App") this.#appClasses.add(alias);
      else if (source === "modal" && name === "method") this.#methodDecorators.add(alias);
      // An app that another file of the project defines: what it is called is not known here.
      else if (isFrom && source !== "modal" && /(^|_)app$/.test(name)) this.#apps.set(alias, { name: undefined });
    }
  }

  /** The pairs of `a, b as c` with `import a.b` as one name. */
  *#imported(nodes: readonly SyntaxNode[]): Generator<{ name: string; alias: string }> {
    const text = nodes.map((node) => (node.name === "as" ? " as " : this.#slice(node))).join("");
    for (const part of text.replace(/[()]/g, "").split(",")) {
      const [name = "", alias = name] = part.split(" as ");
      yield { name, alias };
    }
  }

  #readAssignment(statement: SyntaxNode): void {
    const target = statement.firstChild;
    const call = statement.lastChild;
    if (target?.name !== "VariableName" || call?.name !== "CallExpression" || !this.#isAppClass(call.firstChild))
      return;
    const argList = call.getChild("ArgList");
    const name = firstArgument(argList) ?? keywordArgument(this.#text, argList, "name");
    this.#apps.set(this.#slice(target), { name: name && stringLiteral(this.#text, name) });
  }

  #isAppClass(node: SyntaxNode | null): boolean {
    if (!node) return false;
    if (node.name === "VariableName") return this.#appClasses.has(this.#slice(node));
    const [module, property, ...others] = this.#slice(node).split(".");
    return others.length === 0 && property === "App" && this.#modules.has(module ?? "");
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}
