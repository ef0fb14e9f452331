import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChild } from "preact";
import { formatCount } from "../format.ts";

const FIRST_CHARACTERS = 20_000;
const MORE_CHARACTERS = 200_000;

interface LongTextProps {
  /** The beginning, or all of it. */
  readonly text: string;
  /** Characters of all of it, where `text` is only the beginning; and the way to the others. */
  readonly length?: number;
  readonly load?: (start: number, end: number) => Promise<string>;
  /** Colours the part that is shown; plain text without it. */
  readonly paint?: (shown: string) => ComponentChild;
}

/** Text of any length, as text: the first 20,000 characters, then more when asked. */
export function LongText({ text, length = text.length, load, paint }: LongTextProps) {
  const shown = useSignal(text.slice(0, FIRST_CHARACTERS));
  const hidden = length - shown.value.length;
  const showMore = async () => {
    const start = shown.value.length;
    const end = start + MORE_CHARACTERS;
    const more = load ? await load(start, end) : text.slice(start, end);
    // Whoever clicks twice has asked for the same part twice.
    if (shown.value.length === start) shown.value += more;
  };
  return (
    <>
      <pre class="long-text">{paint ? paint(shown.value) : shown.value}</pre>
      {hidden > 0 && (
        <button type="button" class="link-button" onClick={() => void showMore()}>
          {l10n.t`Show more (${formatCount(hidden)} characters are hidden)`}
        </button>
      )}
    </>
  );
}
