import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { Host } from "../host.ts";
import { useElementSize } from "../parts/elementSize.ts";
import { Sash } from "../parts/sash.tsx";
import type { CallPage } from "../state.ts";
import { ResultDetail } from "./resultDetail.tsx";

/** Below this width the detail pane stands under the other view instead of beside it. */
const NARROW_PX = 720;

interface DetailSplitProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly children: ComponentChildren;
}

/** A view of many results, with the opened one in full beside it. */
export function DetailSplit({ page, host, children }: DetailSplitProps) {
  const share = useSignal(0.56);
  const [element, size] = useElementSize<HTMLDivElement>();
  const { opened } = page.rows;
  const direction = size.widthPx < NARROW_PX ? "down" : "across";
  return (
    <div class="detail-split" data-direction={direction} ref={element}>
      <div class="split-start" style={{ flexBasis: opened ? `${share.value * 100}%` : "100%" }}>
        {children}
      </div>
      {opened && (
        <>
          <Sash share={share} direction={direction} label={l10n.t("Resize the result")} />
          <ResultDetail key={opened.index} page={page} host={host} row={opened} />
        </>
      )}
    </div>
  );
}
