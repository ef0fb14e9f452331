import type { Pause } from "../connection/retry.ts";
import { UnimplementedError } from "../errors.ts";
import type { MapPlane } from "../planes/mapPlane.ts";
import type { MapItems } from "./mapItems.ts";

/** How often is asked; Modal's own number. */
const PERIOD_MS = 1_000;

/**
 * Asks again and again which of the inputs that are waited for the server has lost, and has these tried again. Ends with the signal;
 * a server that cannot be asked is not asked any more: it loses no input, or says so by an output.
 *
 * @param cursor where the reading of outputs stands
 */
export async function watchLostInputs(
  plane: MapPlane,
  items: MapItems,
  cursor: () => string,
  signal: AbortSignal,
  pause: Pause,
): Promise<void> {
  while (plane.checkInputs && !signal.aborted) {
    await pause(PERIOD_MS, signal);
    const waiting = [...items.waiting()];
    if (waiting.length === 0) continue;
    const tokens = waiting.map(({ token }) => token);
    try {
      const lost = await plane.checkInputs(cursor(), tokens, signal);
      for (const [place, { item, token }] of waiting.entries()) if (lost[place]) items.lose(item, token);
    } catch (error) {
      if (error instanceof UnimplementedError) return;
      throw error;
    }
  }
}
