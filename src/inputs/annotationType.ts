import type { FieldType } from "./inputField.ts";

const UNKNOWN: FieldType = { base: "unknown", sub: [] };
const BASES: Readonly<Record<string, string>> = {
  str: "str",
  int: "int",
  float: "float",
  bool: "bool",
  bytes: "bytes",
  list: "list",
  List: "list",
  dict: "dict",
  Dict: "dict",
  None: "none",
};

/** The type that a Python annotation names, in the words of Modal's schema and `float`; `unknown` for all that these cannot say. */
export function annotationType(annotation: string): FieldType {
  const text = annotation.trim().replace(/^(["'])(.*)\1$/s, "$2");
  const [, name = "", inner] = /^(?:typing\.)?(\w+)\s*(?:\[(.*)\])?$/s.exec(text) ?? [];
  const base = Object.hasOwn(BASES, name) ? BASES[name] : undefined;
  if (!base) return UNKNOWN;
  const hasMembers = base === "list" || base === "dict";
  if (!hasMembers && inner !== undefined) return UNKNOWN;
  return { base, sub: inner === undefined ? [] : members(inner).map(annotationType) };
}

/** What stands between the commas, not counting those within brackets. */
function members(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth += 1;
    if (character === "]") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}
