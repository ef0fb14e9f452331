import { useEffect } from "preact/hooks";

/** How often what runs is looked at. */
const REFRESH_MS = 500;

/** Looks again twice a second while the call runs, and once more at its end. */
export function useRefresh(lookAgain: () => void, isRunning: boolean): void {
  useEffect(() => {
    if (!isRunning) {
      lookAgain();
      return undefined;
    }
    const timer = setInterval(lookAgain, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
}
