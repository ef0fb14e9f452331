/**
 * Writes a value so that `parseInputValue` reads the same value: as JSON, or as a Python literal where bytes or sets are in it, which
 * JSON does not have.
 *
 * @throws TypeError for what is no such value, e.g. a function
 */
export function inputText(value: unknown): string {
  return write(value, hasPythonOnly(value) ? PYTHON : JSON_WORDS);
}

/**
 * The same over several lines, as JSON is kept in files.
 *
 * @throws TypeError for what is no JSON, such as bytes
 */
export function indentedText(value: unknown, indent = ""): string {
  if (value instanceof Uint8Array || value instanceof Set)
    throw new TypeError("Bytes and sets cannot be kept as JSON.");
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return inputText(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(([name, item]) => {
    return `${inner}${isList ? "" : `${JSON.stringify(name)}: `}${indentedText(item, inner)}`;
  });
  return `${isList ? "[" : "{"}\n${members.join(",\n")}\n${indent}${isList ? "]" : "}"}`;
}

interface Words {
  readonly true: string;
  readonly false: string;
  readonly null: string;
}

const JSON_WORDS: Words = { true: "true", false: "false", null: "null" };
const PYTHON: Words = { true: "True", false: "False", null: "None" };

function hasPythonOnly(value: unknown): boolean {
  if (value instanceof Uint8Array || value instanceof Set) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasPythonOnly);
}

function write(value: unknown, words: Words): string {
  if (value === null) return words.null;
  if (typeof value === "boolean") return value ? words.true : words.false;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return numberText(value);
  if (value instanceof Uint8Array) return `b"${[...value].map(byteText).join("")}"`;
  const members = (items: Iterable<unknown>) => Array.from(items, (item) => write(item, words)).join(", ");
  if (Array.isArray(value)) return `[${members(value)}]`;
  if (value instanceof Set) return `{${members(value)}}`;
  if (typeof value !== "object") throw new TypeError(`A ${typeof value} is no input.`);
  const entries = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${write(item, words)}`);
  return `{${entries.join(", ")}}`;
}

/** Both languages read a number that is too large as infinity. */
function numberText(value: number): string {
  if (Number.isNaN(value)) throw new TypeError("NaN is no input.");
  return Number.isFinite(value) ? String(value) : value > 0 ? "1e999" : "-1e999";
}

function byteText(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}
