import { plainText } from "../logs/ansiText.ts";
import type { ShownLine } from "../logs/logLines.ts";

/** Finds lines by what is seen of them. Case does not matter. What a line looks like is worked out once, as thousands may come a second. */
export class LineFilter {
  /** A line that grows is another object. */
  readonly #texts = new WeakMap<ShownLine, string>();

  /** @param sinceMs unix milliseconds; 0 for all times */
  passing(lines: readonly ShownLine[], words: string, sinceMs: number): readonly ShownLine[] {
    const wanted = words.toLowerCase();
    if (wanted === "" && sinceMs === 0) return lines;
    return lines.filter((line) => line.at >= sinceMs && (wanted === "" || this.#textOf(line).includes(wanted)));
  }

  #textOf(line: ShownLine): string {
    const known = this.#texts.get(line);
    if (known !== undefined) return known;
    const text = plainText(line.text).toLowerCase();
    this.#texts.set(line, text);
    return text;
  }
}
