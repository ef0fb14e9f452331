import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { PythonLiteralError } from "./pythonLiteralError.ts";
import { parsePythonString } from "./pythonString.ts";

export { PythonLiteralError };

/** Deeper values would exhaust the stack. */
const MAX_DEPTH = 500;

/**
 * Reads what Python's `ast.literal_eval` takes: numbers, text, bytes, `True`, `False`, `None`, lists, tuples (as arrays), dictionaries with
 * names of text, and sets. Looks at the syntax tree; no code runs.
 *
 * @throws PythonLiteralError for everything else: where it stands, and what it is
 */
export function parsePythonLiteral(text: string): unknown {
  // In parentheses, lines may break everywhere, and a lone comma makes a tuple.
  const source = `(${text}\n)`;
  const statement = parser.parse(source).topNode.firstChild;
  const expression = statement?.name === "ExpressionStatement" ? statement.firstChild : null;
  if (text.trim() === "") throw new PythonLiteralError("there is no value", 0);
  if (!statement || !expression || statement.nextSibling) throw new PythonLiteralError("this is not one value", 0);
  const read = new LiteralReader(source);
  return expression.name === "ParenthesizedExpression" ? read.only(expression) : read.value(expression, 0);
}

class LiteralReader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** The value in the parentheses that were put around the text. */
  only(node: SyntaxNode): unknown {
    const [inner, ...others] = this.#items(node);
    if (!inner || others.length > 0) throw this.#error(others[0] ?? node, "this is not one value");
    return this.value(inner, 0);
  }

  value(node: SyntaxNode, depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#error(node, "this is nested too deeply");
    switch (node.name) {
      case "Number":
        return this.#number(node, 1);
      case "UnaryExpression":
        return this.#signed(node);
      case "String":
      case "ContinuedString":
        return parsePythonString(this.#strings(node));
      case "Boolean":
        return this.#text(node) === "True";
      case "None":
        return null;
      case "ParenthesizedExpression":
        return this.only(node);
      case "ArrayExpression":
      case "TupleExpression":
        return this.#items(node).map((item) => this.value(item, depth + 1));
      case "SetExpression":
        return new Set(this.#items(node).map((item) => this.value(item, depth + 1)));
      case "DictionaryExpression":
        return this.#dictionary(node, depth);
      default:
        throw this.#error(node, describe(this.#text(node)));
    }
  }

  #dictionary(node: SyntaxNode, depth: number): Record<string, unknown> {
    const parts = this.#items(node);
    const entries: [string, unknown][] = [];
    for (let index = 0; index < parts.length; index += 3) {
      const [key, colon, value] = parts.slice(index, index + 3);
      if (!key || colon?.name !== ":" || !value)
        throw this.#error(key ?? node, "a name and a value are needed, as in {'a': 1}");
      const name = this.value(key, depth + 1);
      if (typeof name !== "string") throw this.#error(key, "the names in a dictionary must be text");
      entries.push([name, this.value(value, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #signed(node: SyntaxNode): unknown {
    const operand = node.lastChild;
    const sign = this.#source[node.from];
    if (operand?.name !== "Number" || (sign !== "-" && sign !== "+"))
      throw this.#error(node, describe(this.#text(node)));
    return this.#number(operand, sign === "-" ? -1 : 1);
  }

  #number(node: SyntaxNode, sign: 1 | -1): number | bigint {
    const text = this.#text(node).replaceAll("_", "").toLowerCase();
    if (/^(\d+|0x[\da-f]+|0o[0-7]+|0b[01]+)$/.test(text)) {
      const integer = BigInt(sign) * BigInt(text);
      return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
    }
    const number = Number(text);
    if (text.endsWith("j") || Number.isNaN(number)) throw this.#error(node, `${text} is no number that can be sent`);
    return sign * number;
  }

  #strings(node: SyntaxNode) {
    const parts = node.name === "ContinuedString" ? this.#items(node) : [node];
    return parts.map(({ from, to }) => ({ text: this.#source.slice(from, to), offset: from - 1 }));
  }

  /** What stands between the brackets, without commas. */
  #items(node: SyntaxNode): SyntaxNode[] {
    const items: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.type.isError) throw this.#error(child, "something is missing or does not belong here");
      if (!["(", ")", "[", "]", "{", "}", ",", "Comment"].includes(child.name)) items.push(child);
    }
    return items;
  }

  #text({ from, to }: SyntaxNode): string {
    return this.#source.slice(from, to);
  }

  #error({ from }: SyntaxNode, message: string): PythonLiteralError {
    return new PythonLiteralError(message, from - 1);
  }
}

function describe(text: string): string {
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text;
  return `${JSON.stringify(shown)} is no literal`;
}
