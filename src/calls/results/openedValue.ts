import type { Cell, ResultValue, ShownValue, ValuePart, ValuePartContent } from "../model.ts";
import { cellOf, cellsOf } from "./cells.ts";
import { type Decodable, type Decoded, decodedResult } from "./decodedResult.ts";
import { entries, valueAt, valueNode } from "./valueNodes.ts";
import { valueText } from "./valueText.ts";

const FIRST_CHARACTERS = 20_000;
const FIRST_BYTES = 4_096;
/** Rows that say which columns a list of dictionaries has. */
const SAMPLED_RECORDS = 100;
const MAX_COLUMNS = 30;

/** A result that somebody looks at: its beginning at once, and the rest by parts, however large it is. */
export class OpenedValue {
  readonly #decoded: Decoded;
  /** Of JSON the indented text, which takes a while to write. */
  readonly #text: string;
  readonly #columns: readonly string[] | undefined;

  constructor(output: Decodable) {
    const value = decodedResult(output);
    this.#decoded = value;
    this.#text = value.kind === "json" ? valueText(value.value) : value.kind === "text" ? value.text : "";
    this.#columns = value.kind === "json" ? recordColumns(value.value) : undefined;
  }

  /** All of it. */
  get whole(): ResultValue {
    const value = this.#decoded;
    return value.kind === "json" ? { kind: "json", text: this.#text } : value;
  }

  /** What can be gone through part by part: text, data, and what is said of a failure. Undefined: nothing can. */
  get comparable(): { readonly value: unknown } | undefined {
    const value = this.#decoded;
    switch (value.kind) {
      case "json":
        return { value: value.value };
      case "text":
        return { value: value.text };
      case "error":
        return { value: value.message };
      default:
        return undefined;
    }
  }

  /** What is shown of it at first. */
  beginning(): ShownValue {
    const value = this.#decoded;
    switch (value.kind) {
      case "error":
      case "opaque":
        return value;
      case "image":
        // A copy: VS Code sends plain `Uint8Array`s to pages as they are, with all of their buffer.
        return { ...value, bytes: new Uint8Array(value.bytes) };
      case "audio":
        return { ...value, bytes: new Uint8Array(value.bytes) };
      case "bytes":
        return { kind: "bytes", size: value.bytes.byteLength, head: this.#bytes(0, FIRST_BYTES) };
      case "text":
        return { kind: "text", text: value.text.slice(0, FIRST_CHARACTERS), length: value.text.length };
      case "json":
        return {
          kind: "json",
          text: this.#text.slice(0, FIRST_CHARACTERS),
          length: this.#text.length,
          root: valueNode("", value.value),
          columns: this.#columns,
        };
    }
  }

  /** A part of it. Empty where there is no such part. */
  part(part: ValuePart): Partial<ValuePartContent> {
    const { start, end } = part;
    const value = this.#decoded;
    const inside = value.kind === "json" ? value.value : undefined;
    switch (part.of) {
      case "text":
        return { text: this.#text.slice(start, end) };
      case "bytes":
        return { bytes: this.#bytes(start, end) };
      case "records":
        return { records: this.#records(inside, start, end) };
      case "nodes":
        return { nodes: entries(valueAt(inside, part.path), start, end).map(([key, item]) => valueNode(key, item)) };
    }
  }

  #bytes(start: number, end: number): Uint8Array {
    const value = this.#decoded;
    return "bytes" in value ? new Uint8Array(value.bytes.subarray(start, end)) : new Uint8Array();
  }

  #records(value: unknown, start: number, end: number): (Cell | undefined)[][] {
    const columns = this.#columns ?? [];
    return entries(value, start, end).map(([, record]) => {
      const cells = new Map(entries(record, 0, Number.POSITIVE_INFINITY).map(([key, cell]) => [String(key), cell]));
      return columns.map((key) => (cells.has(key) ? cellOf(cells.get(key)) : undefined));
    });
  }
}

/** The keys of a list of dictionaries. Undefined: it is none. */
function recordColumns(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const columns = new Set<string>();
  for (const record of value.slice(0, SAMPLED_RECORDS)) {
    if (!cellsOf(record)) return undefined;
    for (const [key] of entries(record, 0, MAX_COLUMNS)) if (columns.size < MAX_COLUMNS) columns.add(String(key));
  }
  return [...columns];
}
