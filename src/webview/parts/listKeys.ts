const PAGE_ROWS = 20;

/**
 * The position that a key leads to in a list, if it is one that moves.
 *
 * @param opened position of what is opened; -1 for nothing
 */
export function listTarget(key: string, opened: number, count: number): number | undefined {
  const target = wantedTarget(key, opened, count);
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

function wantedTarget(key: string, opened: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return opened + 1;
    case "ArrowUp":
      return opened - 1;
    case "PageDown":
      return opened + PAGE_ROWS;
    case "PageUp":
      return opened - PAGE_ROWS;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "Enter":
      return opened;
    default:
      return undefined;
  }
}
