/** How values are written for reading: JSON where JSON can say it, and close to Python where it cannot. */

import { PythonException, PythonObject } from "../../client/index.ts";
import { cutText } from "./textPreview.ts";

/** The whole value as indented text. Integers of any size are exact. */
export function valueText(value: unknown): string {
  const writer = new Writer(Number.POSITIVE_INFINITY, "  ");
  writer.value(value, "\n");
  return writer.text;
}

/** The beginning of a value in one line of at most `limit` characters. Costs no more than what it shows, however large the value is. */
export function valuePreview(value: unknown, limit = 200): string {
  const writer = new Writer(limit + 1, undefined);
  writer.value(value, "");
  return cutText(writer.text, limit);
}

/** What is indented by more, a hundred levels deep, is left out: nobody reads it, and writing it would not end well. */
const MAX_INDENT = 200;

class Writer {
  text = "";
  readonly #limit: number;
  readonly #indent: string | undefined;

  constructor(limit: number, indent: string | undefined) {
    this.#limit = limit;
    this.#indent = indent;
  }

  get #full(): boolean {
    return this.text.length >= this.#limit;
  }

  value(value: unknown, newline: string): void {
    if (Array.isArray(value)) this.#items("[", value, "]", newline, (item, inner) => this.value(item, inner));
    else if (value instanceof Set) this.#items("{", value, "}", newline, (item, inner) => this.value(item, inner));
    else if (value instanceof Map) this.#entries(value, newline);
    else if (value instanceof Uint8Array) this.text += `<${value.byteLength} bytes>`;
    else if (value instanceof PythonObject || value instanceof PythonException) this.text += value;
    else if (value instanceof Date) this.text += `"${value.toISOString()}"`;
    else if (typeof value === "object" && value !== null) this.#entries(Object.entries(value), newline);
    else this.text += scalar(value, this.#limit);
  }

  #entries(entries: Iterable<[unknown, unknown]>, newline: string): void {
    this.#items("{", entries, "}", newline, ([key, item], inner) => {
      this.value(key, inner);
      this.text += ": ";
      this.value(item, inner);
    });
  }

  #items<T>(open: string, items: Iterable<T>, close: string, newline: string, write: (item: T, inner: string) => void) {
    const inner = this.#indent === undefined ? "" : newline + this.#indent;
    if (inner.length > MAX_INDENT) {
      this.text += `${open}…${close}`;
      return;
    }
    let first = true;
    this.text += open;
    for (const item of items) {
      if (this.#full) return;
      if (!first) this.text += this.#indent === undefined ? ", " : ",";
      this.text += inner;
      write(item, inner);
      first = false;
    }
    this.text += first ? close : (this.#indent === undefined ? "" : newline) + close;
  }
}

function scalar(value: unknown, limit: number): string {
  if (typeof value === "string") return JSON.stringify(value.length > limit ? value.slice(0, limit) : value);
  if (typeof value === "number" && Object.is(value, -0)) return "-0.0";
  return value === undefined ? "null" : String(value);
}
