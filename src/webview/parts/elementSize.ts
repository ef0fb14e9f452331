import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface ElementSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The size of an element's content box, kept up to date. Both are 0 before the first layout. */
export function useElementSize<T extends Element>(): [RefObject<T | null>, ElementSize] {
  const element = useRef<T>(null);
  const [size, setSize] = useState<ElementSize>({ widthPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ widthPx: entry.contentRect.width, heightPx: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}
