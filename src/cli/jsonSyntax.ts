/** Where a JSON text stops being JSON. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What is wrong there, to follow "at line 1, column 2: ". */
  readonly problem: string;
}

const TOKEN =
  /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])|$)/uy;

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

/**
 * Finds the first place where a text is not JSON. JSON.parse names a position for some mistakes only, in words that
 * change with the version of V8.
 *
 * @returns undefined for valid JSON
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ("[" | "{")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const [whole = "", mark, string, scalar] = match ?? [];
    const start: number =
      at + (match ? whole.length - (mark ?? string ?? scalar ?? "").length : leadingSpace(text, at));
    if (!match) return fault(text, start, `unexpected ${describe(text, start)}`);
    if (!mark && !string && !scalar) {
      return expected === "comma or end" && open.length === 0
        ? undefined
        : fault(text, start, "the text ends too early");
    }
    const next = advance(open, expected, mark, string !== undefined);
    if (!next) return fault(text, start, `expected ${wanted(expected, open)}, found ${describe(text, start)}`);
    expected = next;
    at = TOKEN.lastIndex;
  }
}

/** What may follow the token, or undefined when the token may not stand here. Keeps `open` up to date. */
function advance(
  open: ("[" | "{")[],
  expected: Expected,
  mark: string | undefined,
  isString: boolean,
): Expected | undefined {
  const wantsValue = expected === "value" || expected === "value or ]";
  const inside = open.at(-1);
  switch (mark) {
    case undefined:
      if (wantsValue) return "comma or end";
      return isString && (expected === "key" || expected === "key or }") ? "colon" : undefined;
    case "[":
    case "{":
      if (!wantsValue) return undefined;
      open.push(mark);
      return mark === "[" ? "value or ]" : "key or }";
    case "]":
    case "}":
      if (inside !== (mark === "]" ? "[" : "{")) return undefined;
      if (expected !== "comma or end" && expected !== "value or ]" && expected !== "key or }") return undefined;
      open.pop();
      return "comma or end";
    case ":":
      return expected === "colon" ? "value" : undefined;
    default:
      if (expected !== "comma or end" || !inside) return undefined;
      return inside === "[" ? "value" : "key";
  }
}

function wanted(expected: Expected, open: readonly ("[" | "{")[]): string {
  if (expected !== "comma or end")
    return {
      colon: '":"',
      key: "a key in double quotes",
      "key or }": 'a key in double quotes or "}"',
      value: "a value",
      "value or ]": 'a value or "]"',
    }[expected];
  const inside = open.at(-1);
  if (!inside) return "the end";
  return inside === "[" ? '"," or "]"' : '"," or "}"';
}

function leadingSpace(text: string, at: number): number {
  return /^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0;
}

function describe(text: string, at: number): string {
  const rest = text.slice(at, at + 40);
  if (rest === "") return "the end";
  if (rest.startsWith('"')) return "a string that is not closed, or not escaped as JSON has it";
  const word = /^[\w.+-]+/.exec(rest)?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return word === "'" ? "a single quote" : `"${word}"`;
}

function fault(text: string, at: number, problem: string): JsonFault {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n"), problem };
}
