import * as l10n from "@vscode/l10n";
import { formatCount } from "../format.ts";
import { useVirtualRows } from "../parts/virtualRows.ts";
import { colouredTexts } from "./ansiText.ts";
import type { ShownLine } from "./logLines.ts";
import "./logs.css";

const LINE_HEIGHT_PX = 20;
/** A longer line is cut here: one line of megabytes would make the page crawl. */
const LINE_CHARACTERS = 2000;

interface LogListProps {
  /** Asked while the list is drawn: the lines grow in place, so as a property they would look unchanged, and would not be drawn again. */
  readonly linesOf: () => readonly ShownLine[];
  /** Whether long lines are wrapped. May not change while the list is there. */
  readonly wrap?: boolean;
  readonly timestamps?: boolean;
}

/** Lines of output. Follows the newest one until the reader scrolls up. */
export function LogList({ linesOf, wrap = false, timestamps = true }: LogListProps) {
  const lines = linesOf();
  const { scroller, items, totalHeightPx, measure } = useVirtualRows<HTMLDivElement>({
    count: lines.length,
    rowHeightPx: LINE_HEIGHT_PX,
    keyOf: (position) => lines[position]?.id ?? position,
    follow: true,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it.
    <div class="log-lines mono" ref={scroller} role="log" aria-live="off" tabIndex={0} data-wrap={wrap}>
      <div class="virtual-space" style={{ height: `${totalHeightPx}px` }}>
        {items.map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <div
                key={line.id}
                class="log-line"
                data-stream={line.stream}
                data-index={item.index}
                title={placeOf(line)}
                style={{ transform: `translateY(${item.start}px)` }}
                ref={wrap ? measure : null}
              >
                {timestamps && <time class="log-time">{clock.format(line.at)}</time>}
                <LineText text={line.text} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function LineText({ text }: { text: string }) {
  const hidden = text.length - LINE_CHARACTERS;
  return (
    <span>
      {colouredTexts(text.slice(0, LINE_CHARACTERS)).map(({ text: piece, colour }) =>
        colour ? <span style={{ color: `var(--vscode-terminal-ansi${colour})` }}>{piece}</span> : piece,
      )}
      {hidden > 0 && <span class="quiet">{l10n.t`… ${formatCount(hidden)} more characters`}</span>}
    </span>
  );
}

function placeOf({ inputId, containerId, stream }: ShownLine): string {
  return [inputId, containerId, stream].filter((part) => part !== "").join(" · ");
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
