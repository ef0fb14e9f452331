import { DeserializationError } from "../errors.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads UTF-8 as Python's `surrogatepass` does: half of a surrogate pair, which JavaScript and Python strings may hold, is three
 * bytes like any other character of its size.
 *
 * @throws DeserializationError when the bytes are not UTF-8
 */
export function decodeText(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString("utf8", from, to);
  // The replacement character also stands for what is not UTF-8: only then is a closer look needed.
  return text.includes("\uFFFD") ? decodeWithSurrogates(bytes.subarray(from, to)) : text;
}

/** The other way round. */
export function encodeText(text: string): Buffer {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text, "utf8");
  const parts = text.split(/(\p{Surrogate})/u);
  // Every second part is what was split at: one lone surrogate.
  return Buffer.concat(parts.map((part, at) => (at % 2 === 0 ? Buffer.from(part, "utf8") : surrogateBytes(part))));
}

function decodeWithSurrogates(bytes: Buffer): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    parts.push(decodeStrictly(bytes.subarray(from, at)));
    parts.push(String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    from = at + 3;
  }
  return parts.join("") + decodeStrictly(bytes.subarray(from));
}

function decodeStrictly(bytes: Buffer): string {
  try {
    return strict.decode(bytes);
  } catch (error) {
    throw new DeserializationError("The result holds text that is not UTF-8; run the call again.", { cause: error });
  }
}

function surrogateBytes(surrogate: string): Buffer {
  const code = surrogate.charCodeAt(0);
  return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}
