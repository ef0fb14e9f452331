import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect } from "preact/hooks";
import type { Host } from "../host.ts";
import { useElementSize } from "../parts/elementSize.ts";
import { useVirtualRows } from "../parts/virtualRows.ts";
import { DetailSplit } from "../results/detailSplit.tsx";
import type { CallPage } from "../state.ts";
import { layMosaic, type Mosaic } from "./mosaic.ts";
import { Tile } from "./tile.tsx";
import "./pictures.css";

const MARGIN_PX = 20;
const COLUMN_CHOICES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32];

interface PicturesViewProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly inputs: number;
}

/** All results that are pictures, laid out by input index without gaps, each drawn as soon as it is there. */
export function PicturesView({ page, host, inputs }: PicturesViewProps) {
  const columns = useSignal<number | undefined>(undefined);
  const tileSize = useSignal({ widthPx: 128, heightPx: 128 });
  const [element, room] = useElementSize<HTMLDivElement>();
  const tiles = Math.max(inputs, page.rows.end);
  const mosaic = layMosaic({
    tiles,
    columns: columns.value,
    widthPx: room.widthPx - 2 * MARGIN_PX,
    heightPx: room.heightPx - MARGIN_PX,
    tileWidthPx: tileSize.value.widthPx,
    tileHeightPx: tileSize.value.heightPx,
  });
  return (
    <div class="pictures">
      <ColumnsControl
        columns={columns.value}
        onChange={(chosen) => {
          columns.value = chosen;
        }}
      />
      <DetailSplit page={page} host={host}>
        <div class="pictures-room" ref={element}>
          {room.widthPx > 0 && (
            <MosaicView
              page={page}
              mosaic={mosaic}
              tiles={tiles}
              onTileSize={(widthPx, heightPx) => {
                const known = tileSize.peek();
                if (known.widthPx !== widthPx || known.heightPx !== heightPx) tileSize.value = { widthPx, heightPx };
              }}
            />
          )}
        </div>
      </DetailSplit>
    </div>
  );
}

interface ColumnsControlProps {
  readonly columns: number | undefined;
  readonly onChange: (columns: number | undefined) => void;
}

function ColumnsControl({ columns, onChange }: ColumnsControlProps) {
  const value = String(columns ?? "auto");
  return (
    <div class="pictures-columns">
      <span class="quiet">{l10n.t("Columns")}</span>
      <vscode-single-select
        aria-label={l10n.t("Columns")}
        value={value}
        onChange={(event) => onChange(Number((event.currentTarget as HTMLSelectElement).value) || undefined)}
      >
        {["auto", ...COLUMN_CHOICES.map(String)].map((choice) => (
          <vscode-option key={choice} value={choice} selected={choice === value}>
            {choice === "auto" ? l10n.t("Auto") : choice}
          </vscode-option>
        ))}
      </vscode-single-select>
    </div>
  );
}

interface MosaicViewProps {
  readonly page: CallPage;
  readonly mosaic: Mosaic;
  readonly tiles: number;
  readonly onTileSize: (widthPx: number, heightPx: number) => void;
}

/** Only the rows of tiles in view are on the page, and so only their pictures are asked for. */
function MosaicView({ page, mosaic, tiles, onTileSize }: MosaicViewProps) {
  const { scroller, items, totalHeightPx } = useVirtualRows<HTMLDivElement>({
    count: mosaic.rows,
    rowHeightPx: mosaic.tileHeightPx,
    overscanRows: 2,
    keyOf: (row) => row,
  });
  const firstTile = (items[0]?.index ?? 0) * mosaic.columns;
  const endTile = ((items.at(-1)?.index ?? 0) + 1) * mosaic.columns;
  useLayoutEffect(() => page.rows.lookAtInputs(firstTile, endTile), [page, firstTile, endTile]);
  return (
    <div class="mosaic-scroller" ref={scroller}>
      <div
        class="mosaic"
        data-whole={mosaic.whole}
        style={{ height: `${totalHeightPx}px`, width: `${mosaic.columns * mosaic.tileWidthPx}px` }}
      >
        {items.map((item) => (
          <div
            key={item.key}
            class="mosaic-row"
            style={{ transform: `translateY(${item.start}px)`, height: `${mosaic.tileHeightPx}px` }}
          >
            {tileIndexes(item.index, mosaic.columns, tiles).map((index) => (
              <Tile
                key={index}
                page={page}
                index={index}
                row={page.rows.get(index)}
                widthPx={mosaic.tileWidthPx}
                onSize={onTileSize}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function tileIndexes(row: number, columns: number, tiles: number): number[] {
  const start = row * columns;
  return Array.from({ length: Math.min(columns, tiles - start) }, (_, position) => start + position);
}
