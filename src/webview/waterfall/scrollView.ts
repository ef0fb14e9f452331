import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Which part of an element that scrolls is in view. */
export interface ScrollView {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly topPx: number;
  readonly heightPx: number;
}

/** Follows an element as its reader scrolls it or as it changes its size. */
export function useScrollView(): ScrollView {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ topPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => setView({ topPx: element.scrollTop, heightPx: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return { scroller, ...view };
}
