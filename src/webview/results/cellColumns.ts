/** In tables that are wider, containers have a column. */
const WIDE_PX = 720;
/** In tables that are narrower, a status is only an icon, so that results have room. */
const SLIM_PX = 480;
/** Index, status, duration, their gaps and the margins of the table. See results.css. */
const FIXED_PX = 336;
const CONTAINER_PX = 160;
const CELL_PX = 112;

/** How much of a row there is room for. See results.css. */
export function tableWidth(widthPx: number): "wide" | "narrow" | "slim" {
  if (widthPx > WIDE_PX) return "wide";
  return widthPx > SLIM_PX ? "narrow" : "slim";
}

/**
 * The keys of dictionaries that have room as columns, in their order. Where there is room for one only, none has: the
 * dictionary in a line says more.
 *
 * @param widthPx of the table
 */
export function cellColumns(keys: readonly string[], widthPx: number): readonly string[] {
  const roomPx = widthPx - FIXED_PX - (tableWidth(widthPx) === "wide" ? CONTAINER_PX : 0);
  const shown = keys.slice(0, Math.max(0, Math.floor(roomPx / CELL_PX)));
  return shown.length < Math.min(2, keys.length) ? [] : shown;
}
