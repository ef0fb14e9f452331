import type { RefObject, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";

/** Moves what an element scrolls as the pointer drags its background. */
export function usePan(scroller: RefObject<HTMLElement | null>) {
  const held = useRef<{ readonly x: number; readonly y: number } | undefined>(undefined);
  const onPointerDown = (event: TargetedPointerEvent<HTMLElement>) => {
    const isBackground = event.target instanceof Element && !event.target.closest('[role="treeitem"]');
    if (event.button !== 0 || event.pointerType !== "mouse" || !isBackground || !scroller.current) return;
    // What scrolls by a scroll bar is moved by it already.
    if (event.offsetX > scroller.current.clientWidth && event.target === scroller.current) return;
    const { scrollLeft, scrollTop } = scroller.current;
    held.current = { x: event.clientX + scrollLeft, y: event.clientY + scrollTop };
    scroller.current.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLElement>) => {
    if (!held.current || !scroller.current) return;
    scroller.current.scrollTo(held.current.x - event.clientX, held.current.y - event.clientY);
  };
  const letGo = () => {
    held.current = undefined;
  };
  return { onPointerDown, onPointerMove, onPointerUp: letGo, onPointerCancel: letGo };
}
