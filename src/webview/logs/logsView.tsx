import { formatCount } from "../format.ts";
import { useVirtualRows } from "../parts/virtualRows.ts";
import type { CallPage } from "../state.ts";
import type { LogLines, ShownLine } from "./logLines.ts";
import "./logs.css";

const LINE_HEIGHT_PX = 20;
/** A longer line is cut here: one line of megabytes would make the page crawl. */
const LINE_CHARACTERS = 2000;

/** What user code printed. Follows the newest line until the reader scrolls up. */
export function LogsView({ page }: { page: CallPage }) {
  if (page.logs.lines.length === 0) return <p class="empty">Nothing was printed yet.</p>;
  return (
    <>
      {page.logs.dropped > 0 && (
        <p class="logs-dropped">The first {formatCount(page.logs.dropped)} lines are no longer shown.</p>
      )}
      <LineList logs={page.logs} />
    </>
  );
}

/** Reads the lines itself: they grow in place, so as a property they would look unchanged, and would not be drawn again. */
function LineList({ logs }: { logs: LogLines }) {
  const { lines } = logs;
  const { scroller, items, totalHeightPx } = useVirtualRows<HTMLDivElement>({
    count: lines.length,
    rowHeightPx: LINE_HEIGHT_PX,
    keyOf: (position) => lines[position]?.id ?? position,
    follow: true,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it.
    <div class="log-lines mono" ref={scroller} role="log" aria-live="off" tabIndex={0}>
      <div class="virtual-space" style={{ height: `${totalHeightPx}px` }}>
        {items.map((item) => {
          const line = lines[item.index];
          return line && <Line key={line.id} line={line} topPx={item.start} />;
        })}
      </div>
    </div>
  );
}

function Line({ line, topPx }: { line: ShownLine; topPx: number }) {
  const hidden = line.text.length - LINE_CHARACTERS;
  const place = [line.inputId, line.containerId, line.stream].filter((part) => part !== "").join(" · ");
  return (
    <div class="log-line" data-stream={line.stream} title={place} style={{ transform: `translateY(${topPx}px)` }}>
      <time class="log-time">{clock.format(line.at)}</time>
      <span>
        {line.text.slice(0, LINE_CHARACTERS)}
        {hidden > 0 && <span class="quiet">… {formatCount(hidden)} more characters</span>}
      </span>
    </div>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
