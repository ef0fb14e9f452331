import { PythonObject } from "./pythonObject.ts";

/** What one line shows of arguments: an exception may hold megabytes of them. */
const MAX_SHOWN_ARGS = 10;
const MAX_SHOWN_CHARACTERS = 200;

/** A Python exception, told by its class and arguments: `name` is the class, `message` what `str()` says in Python. */
export class PythonException extends Error {
  override readonly name: string;
  /** The module of its class, e.g. `builtins`. */
  readonly module: string;
  readonly args: readonly unknown[];

  constructor(module: string, name: string, args: readonly unknown[]) {
    super(messageOf(name, args));
    this.module = module;
    this.name = name;
    this.args = args;
    this.stack = `${name}: ${this.message}`; // Ours would say where it was decoded.
  }

  /** Like `repr()` in Python, e.g. `ValueError("boom")`. */
  override toString(): string {
    return `${this.name}${argsText(this.args)}`;
  }

  /** What `JSON.stringify` shows of it: its text, marked as Python's. */
  toJSON(): { readonly $python: string } {
    return { $python: this.toString() };
  }
}

function messageOf(name: string, args: readonly unknown[]): string {
  const [only, second] = args;
  if (args.length === 0) return "";
  // Python's KeyError shows its key with quotes.
  if (second === undefined && typeof only === "string" && name !== "KeyError") return only;
  return args.length === 1 ? literal(only) : argsText(args);
}

function argsText(args: readonly unknown[]): string {
  const shown = args.slice(0, MAX_SHOWN_ARGS).map(literal);
  return `(${[...shown, ...(args.length > MAX_SHOWN_ARGS ? ["…"] : [])].join(", ")})`;
}

/** Never looks inside a container, and never calls a method of what came in the pickle. */
function literal(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > MAX_SHOWN_CHARACTERS ? `${value.slice(0, MAX_SHOWN_CHARACTERS)}…` : value);
  }
  if (value instanceof PythonObject) return value.text;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[…]" : "{…}";
  return value === null ? "None" : String(value).slice(0, MAX_SHOWN_CHARACTERS);
}
