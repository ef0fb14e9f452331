import { useSignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { formatCount } from "../format.ts";

const FIRST_CHARACTERS = 20_000;
const MORE_CHARACTERS = 200_000;

interface LongTextProps {
  readonly text: string;
  /** Colours the part that is shown; plain text without it. */
  readonly paint?: (shown: string) => ComponentChild;
}

/** Text of any length, as text: the first 20,000 characters, then more when asked. */
export function LongText({ text, paint }: LongTextProps) {
  const limit = useSignal(FIRST_CHARACTERS);
  const shown = text.slice(0, limit.value);
  const hidden = text.length - shown.length;
  const showMore = () => {
    limit.value += MORE_CHARACTERS;
  };
  return (
    <>
      <pre class="long-text">{paint ? paint(shown) : shown}</pre>
      {hidden > 0 && (
        <button type="button" class="link-button" onClick={showMore}>
          Show more ({formatCount(hidden)} characters are hidden)
        </button>
      )}
    </>
  );
}
