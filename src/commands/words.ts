import * as l10n from "@vscode/l10n";
import { InputError } from "../inputs/inputError.ts";

const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gsy;

/**
 * The words of a command line, as a shell takes them apart: quotes and backslashes keep what would end a word. Nothing is expanded.
 *
 * @throws InputError a quote is not closed
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    if (at === text.length) return words;
    WORD.lastIndex = at;
    const [word = ""] = WORD.exec(text) ?? [];
    if (word === "") throw new InputError(l10n.t`A quote is not closed: ${text.slice(at)}`);
    words.push(unquoted(word));
    at += word.length;
  }
}

function unquoted(word: string): string {
  return word.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs,
    (_, double?: string, single?: string, escaped = "") => {
      if (double !== undefined) return double.replaceAll(/\\(["\\])/g, "$1");
      return single ?? escaped;
    },
  );
}
