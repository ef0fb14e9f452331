import * as l10n from "@vscode/l10n";
import { useMemo } from "preact/hooks";
import type { ResultRow } from "../../panel/messages.ts";
import { StatusIcon } from "../parts/icon.tsx";
import { ObjectImage } from "../parts/objectImage.tsx";
import type { CallPage } from "../state.ts";
import { STATUS_LOOKS } from "../statuses.ts";

interface TileProps {
  readonly page: CallPage;
  readonly index: number;
  /** Undefined while the input is unfinished. */
  readonly row: ResultRow | undefined;
  readonly widthPx: number;
  readonly onSize: (widthPx: number, heightPx: number) => void;
}

/** The place of one input in the mosaic: its picture, or what became of it instead. */
export function Tile({ page, index, row, widthPx, onSize }: TileProps) {
  const open = () => {
    page.rows.open(index);
  };
  const selected = page.rows.openedIndex.value === index;
  return (
    <button
      type="button"
      class="tile"
      title={tileTitle(index, row)}
      disabled={row === undefined}
      aria-pressed={selected}
      style={{ width: `${widthPx}px` }}
      onClick={open}
    >
      {row?.kind === "image" && <TilePicture page={page} index={index} onSize={onSize} />}
      {row && row.kind !== "image" && <StatusIcon status={row.status} />}
    </button>
  );
}

function TilePicture({ page, index, onSize }: Pick<TileProps, "page" | "index" | "onSize">) {
  const cached = useMemo(() => page.values.look(index), [page, index]).value;
  if (cached.state === "failed") return <StatusIcon status="FAILURE" />;
  if (cached.state !== "ready" || cached.value.kind !== "image") return null;
  return <ObjectImage image={cached.value} alt={l10n.t`Result ${index}`} onSize={onSize} />;
}

function tileTitle(index: number, row: ResultRow | undefined): string {
  if (row === undefined) return l10n.t`${index}: not finished`;
  return `${index}: ${row.kind === "image" ? row.preview : `${STATUS_LOOKS[row.status].label}, ${row.preview}`}`;
}
