export interface MosaicInput {
  /** Number of tiles. */
  readonly tiles: number;
  /** Number of columns, or undefined for a number that suits the tiles. */
  readonly columns: number | undefined;
  /** Room on the page. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Size of one picture. */
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

export interface Mosaic {
  /** The tiles are parts of one picture; otherwise each stands for itself. */
  readonly whole: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Whole pixels, so that neighbours meet without a seam. */
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

const SMALLEST_TILE_PX = 16;
/** A tile of a mosaic may grow to this many times its own size to fill the page. */
const MOST_GROWTH = 2;

/**
 * Lays tiles without gaps. A square number of tiles, or a number of columns that the reader chose, is taken as one
 * whole picture and made to fit the page; anything else fills the width at the pictures' own size.
 */
export function layMosaic(input: MosaicInput): Mosaic {
  const root = Math.sqrt(input.tiles);
  const whole = input.columns ?? (Number.isInteger(root) && root > 1 ? root : undefined);
  const columns = whole ?? Math.max(1, Math.floor(input.widthPx / input.tileWidthPx));
  const rows = Math.ceil(input.tiles / columns);
  const acrossPx = input.widthPx / columns;
  const downPx = ((input.heightPx / rows) * input.tileWidthPx) / input.tileHeightPx;
  const fittingPx = Math.min(acrossPx, whole === undefined ? acrossPx : downPx, input.tileWidthPx * MOST_GROWTH);
  const tileWidthPx = Math.max(SMALLEST_TILE_PX, Math.floor(fittingPx));
  return {
    whole: whole !== undefined,
    columns,
    rows,
    tileWidthPx,
    tileHeightPx: Math.max(1, Math.round((tileWidthPx * input.tileHeightPx) / input.tileWidthPx)),
  };
}
