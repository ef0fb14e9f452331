import type { SyntaxNode } from "@lezer/common";
import { children, firstArgument, keywordArgument, stringLiteral } from "./pythonSyntax.ts";

/** An app variable. The name is undefined when it is not written literally. */
export interface AppVariable {
  readonly name: string | undefined;
}

/** Modal's decorators that make a function an HTTP endpoint. */
const WEB_DECORATORS = ["asgi_app", "fastapi_endpoint", "web_endpoint", "web_server", "wsgi_app"];
/** Either makes a function of a class a method. */
const METHOD_DECORATORS = ["method", "batched"];
/** What `from modal import *` brings of the names that matter here. */
const MEMBERS = ["App", ...METHOD_DECORATORS, "parameter", ...WEB_DECORATORS];
const ELSEWHERE: AppVariable = { name: undefined };

/**
 * Which names of a Python module stand for the `modal` package, what it holds, and apps, read statement by statement. An app that another
 * file of the project defines is known by the name of its variable alone, which then ends in `app`.
 */
export class ModalNames {
  readonly #text: string;
  /** All that `import` binds, with the module's name. */
  readonly #modules = new Map<string, string>();
  /** By the name that they have here: what they are called in the package `modal`. */
  readonly #members = new Map<string, string>();
  readonly #apps = new Map<string, AppVariable>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The app that a variable holds: `app`, or `common.app` of a module that was imported. */
  app(dottedName: string): AppVariable | undefined {
    const split = dottedName.lastIndexOf(".");
    if (split === -1) return this.#apps.get(dottedName);
    return this.#modules.has(dottedName.slice(0, split)) && looksLikeApp(dottedName) ? ELSEWHERE : undefined;
  }

  /** Whether a name, such as `method` or `modal.method`, is one of Modal's decorators for methods. */
  isMethodDecorator(dottedName: string): boolean {
    return METHOD_DECORATORS.includes(this.#member(dottedName) ?? "");
  }

  /** Whether a name, such as `modal.fastapi_endpoint`, is one of Modal's decorators for HTTP endpoints. */
  isWebDecorator(dottedName: string): boolean {
    return WEB_DECORATORS.includes(this.#member(dottedName) ?? "");
  }

  /** Whether a name, such as `modal.parameter`, is what declares a parameter of a class. */
  isParameter(dottedName: string): boolean {
    return this.#member(dottedName) === "parameter";
  }

  /**
   * Learns from an import or an assignment.
   *
   * @param isConditional whether it may not be run, as it stands in an `if` or `try`
   */
  read(statement: SyntaxNode, isConditional: boolean): void {
    if (statement.name === "ImportStatement") this.#readImport(statement);
    if (statement.name === "AssignStatement") this.#readAssignment(statement, isConditional);
  }

  /** `App` for `modal.App`, and for `Application` after `from modal import App as Application`. */
  #member(dottedName: string): string | undefined {
    const [module = "", property, ...others] = dottedName.split(".");
    if (property === undefined) return this.#members.get(module);
    return others.length === 0 && this.#modules.get(module) === "modal" ? property : undefined;
  }

  #readImport(statement: SyntaxNode): void {
    const [keyword, ...rest] = children(statement).filter((node) => node.name !== "Comment");
    if (keyword?.name !== "from") {
      for (const { name, alias } of this.#imported(rest)) {
        this.#modules.set(alias, name);
        if (alias.startsWith("modal.")) this.#modules.set("modal", "modal"); // `import modal.exception` binds it, too.
      }
      return;
    }
    const splitAt = rest.findIndex((node) => node.name === "import");
    const source = rest.slice(0, splitAt).map((node) => this.#slice(node));
    for (const { name, alias } of this.#imported(rest.slice(splitAt + 1)))
      this.#readMember(source.join(""), name, alias);
  }

  #readMember(source: string, name: string, alias: string): void {
    if (source === "modal") {
      for (const member of name === "*" ? MEMBERS : [name]) this.#members.set(name === "*" ? member : alias, member);
      return;
    }
    this.#modules.set(alias, `${source}.${name}`); // It may be a module.
    if (looksLikeApp(name)) this.#apps.set(alias, ELSEWHERE);
  }

  /** The pairs of `a, b as c` with `import a.b` as one name. */
  *#imported(nodes: readonly SyntaxNode[]): Generator<{ name: string; alias: string }> {
    const text = nodes.map((node) => (node.name === "as" ? " as " : this.#slice(node))).join("");
    for (const part of text.replace(/[()]/g, "").split(",")) {
      const [name = "", alias = name] = part.split(" as ");
      if (name) yield { name, alias };
    }
  }

  /** `app = …`, `app: modal.App = …` and `app = other = …`; what assigns to several names at once says nothing. */
  #readAssignment(statement: SyntaxNode, isConditional: boolean): void {
    const value = statement.lastChild;
    const targets = statement.getChildren("VariableName").filter(({ nextSibling }) => nextSibling);
    if (!value || targets.some(({ nextSibling }) => nextSibling?.name === ",")) return;
    const annotation = statement.getChild("TypeDef")?.lastChild;
    const app = this.#appOf(value) ?? (annotation && this.#isAppClass(annotation) ? ELSEWHERE : undefined);
    for (const target of targets) {
      const name = this.#slice(target);
      const known = this.#apps.get(name);
      if (app) this.#apps.set(name, isConditional && known && known.name !== app.name ? ELSEWHERE : app);
      else if (!isConditional) this.#apps.delete(name);
    }
  }

  /** The app that an expression gives: `modal.App("x")`, that with `.include(…)`, or another variable. */
  #appOf(value: SyntaxNode): AppVariable | undefined {
    if (value.name === "VariableName") return this.#apps.get(this.#slice(value));
    if (value.name === "ParenthesizedExpression") {
      const inner = value.firstChild?.nextSibling;
      return inner ? this.#appOf(inner) : undefined;
    }
    if (value.name !== "CallExpression" || !value.firstChild) return undefined;
    const argList = value.getChild("ArgList");
    if (this.#isAppClass(value.firstChild)) {
      const name = firstArgument(argList) ?? keywordArgument(this.#text, argList, "name");
      return { name: name && stringLiteral(this.#text, name) };
    }
    const { firstChild: receiver, lastChild: property } = value.firstChild;
    const isInclude = receiver && property?.name === "PropertyName" && this.#slice(property) === "include";
    return isInclude ? this.#appOf(receiver) : undefined;
  }

  #isAppClass(node: SyntaxNode): boolean {
    return this.#member(this.#slice(node)) === "App";
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}

function looksLikeApp(dottedName: string): boolean {
  return /(^|[._])app$/.test(dottedName);
}
