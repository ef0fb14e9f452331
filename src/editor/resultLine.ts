import { stripVTControlCharacters } from "node:util";
import { textPreview } from "../calls/results/textPreview.ts";
import type { FunctionResult } from "./functionResults.ts";

/** Longer than this, a result would leave the screen; the hover has more. */
const MAX_CHARACTERS = 80;

/** What stands after a function's line: that it failed or not, and the beginning of what it gave. */
export function resultLine({ isFailure, preview }: Pick<FunctionResult, "isFailure" | "preview">): string {
  return `${isFailure ? "✗" : "→"} ${textPreview(plainText(preview), MAX_CHARACTERS)}`;
}

/** Without the escape sequences of terminals, and without what would turn the direction of the line's own text. */
function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}
