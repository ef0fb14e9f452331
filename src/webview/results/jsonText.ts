/** A piece of JSON text, with what it is when it is worth a colour. */
export interface JsonToken {
  readonly kind: "key" | "string" | "number" | "word" | undefined;
  readonly text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null|NaN|Infinity)\b/g;

/** Cuts JSON text for colouring. The text may end anywhere, and may be almost JSON: every character is in the result. */
export function jsonTokens(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: undefined, text: text.slice(end, match.index) });
    const [whole, string, colon, number] = match;
    end = match.index + whole.length;
    if (string === undefined) {
      tokens.push({ kind: number === undefined ? "word" : "number", text: whole });
    } else {
      tokens.push({ kind: colon === undefined ? "string" : "key", text: string });
      if (colon !== undefined) tokens.push({ kind: undefined, text: colon });
    }
  }
  if (end < text.length) tokens.push({ kind: undefined, text: text.slice(end) });
  return tokens;
}
