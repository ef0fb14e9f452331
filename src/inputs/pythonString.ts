import { PythonLiteralError } from "./pythonLiteralError.ts";

/** A string literal with its prefix and quotes, and where it stands. */
export interface StringToken {
  readonly text: string;
  readonly offset: number;
}

const TOKEN = /^([a-z]*)("""|'''|"|')(.*)\2$/is;
const ESCAPE = /\\(\r\n|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|.)/gs;
const NAMED: Readonly<Record<string, string>> = {
  "\n": "",
  "\r\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * The text or bytes that Python string literals beside each other stand for.
 *
 * @throws PythonLiteralError for f-strings, mixtures of text and bytes, and escapes that name characters
 */
export function parsePythonString(tokens: readonly StringToken[]): string | Uint8Array {
  const parts = tokens.map(parseToken);
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  const bytes = parts.filter((part) => typeof part !== "string");
  if (bytes.length < parts.length) throw new PythonLiteralError("text and bytes do not mix", tokens[0]?.offset ?? 0);
  return Uint8Array.from(bytes.flatMap((part) => [...part]));
}

function parseToken({ text, offset }: StringToken): string | Uint8Array {
  const [, prefix = "", , body = ""] = TOKEN.exec(text) ?? [];
  const kinds = prefix.toLowerCase();
  if (!TOKEN.test(text) || /[^rub]/.test(kinds)) throw new PythonLiteralError("this text is no literal", offset);
  const isBytes = kinds.includes("b");
  const value = kinds.includes("r")
    ? body
    : body.replaceAll(ESCAPE, (_, sequence: string) => unescaped(sequence, isBytes, offset));
  if (!isBytes) return value;
  const codes = [...value].map((character) => character.codePointAt(0) ?? 0);
  if (codes.some((code) => code > 255))
    throw new PythonLiteralError("bytes take ASCII characters and escapes only", offset);
  return Uint8Array.from(codes);
}

function unescaped(sequence: string, isBytes: boolean, offset: number): string {
  const named = NAMED[sequence];
  if (named !== undefined) return named;
  if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8) & (isBytes ? 0xff : 0x1ff));
  if ((isBytes ? /^x./ : /^[xuU]./).test(sequence)) return codePoint(sequence, offset);
  if (sequence === "N" && !isBytes) throw new PythonLiteralError("characters by name are not known here", offset);
  return `\\${sequence}`; // Python keeps what it does not know.
}

function codePoint(sequence: string, offset: number): string {
  const code = Number.parseInt(sequence.slice(1), 16);
  if (code > 0x10ffff) throw new PythonLiteralError("there is no such character", offset);
  return String.fromCodePoint(code);
}
