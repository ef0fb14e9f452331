import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Host } from "../host.ts";
import { useElementSize } from "../parts/elementSize.ts";
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
  const handlePosition = useSignal("56%");
  const [element, size] = useElementSize<HTMLDivElement>();
  const opened = page.openedIndex.value === undefined ? undefined : page.rows.get(page.openedIndex.value);
  const split = size.widthPx < NARROW_PX ? "horizontal" : "vertical";
  return (
    <div class="detail-split" ref={element}>
      <vscode-split-layout
        // The element forgets its handle position when it is turned, so it is made anew.
        key={split}
        split={split}
        handle-position={opened ? handlePosition.value : "100%"}
        onvsc-split-layout-change={(event) => {
          if (opened) handlePosition.value = `${event.detail.positionInPercentage}%`;
        }}
      >
        <div slot="start" class="split-start">
          {children}
        </div>
        {opened && <ResultDetail key={opened.index} page={page} host={host} row={opened} />}
      </vscode-split-layout>
    </div>
  );
}
