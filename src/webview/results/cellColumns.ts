/** In tables that are wider, containers have a column. */
export const WIDE_PX = 720;
/** Index, status, duration, their gaps and the margins of the table. See results.css. */
const FIXED_PX = 336;
const CONTAINER_PX = 160;
const CELL_PX = 112;

/**
 * The keys of dictionaries that have room as columns, in their order. Where there is room for one only, none has: the
 * dictionary in a line says more.
 *
 * @param widthPx of the table
 */
export function cellColumns(keys: readonly string[], widthPx: number): readonly string[] {
  const roomPx = widthPx - FIXED_PX - (widthPx > WIDE_PX ? CONTAINER_PX : 0);
  const shown = keys.slice(0, Math.max(0, Math.floor(roomPx / CELL_PX)));
  return shown.length < Math.min(2, keys.length) ? [] : shown;
}
