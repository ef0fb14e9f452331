import type { Signal } from "@preact/signals";
import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import "./sash.css";

const SMALLEST_SHARE = 0.15;
const KEY_STEP = 0.04;

interface SashProps {
  /** Part of the room that the pane before the sash has, between 0 and 1. */
  readonly share: Signal<number>;
  readonly direction: "across" | "down";
  readonly label: string;
}

/** The line between two panes, moved with the pointer or the arrow keys. Its parent element is the room that they share. */
export function Sash({ share, direction, label }: SashProps) {
  const moveTo = (wanted: number) => {
    share.value = Math.min(1 - SMALLEST_SHARE, Math.max(SMALLEST_SHARE, wanted));
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLElement>) => {
    const room = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!room || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    moveTo(
      direction === "across" ? (event.clientX - room.left) / room.width : (event.clientY - room.top) / room.height,
    );
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowUp") moveTo(share.value - KEY_STEP);
    if (event.key === "ArrowRight" || event.key === "ArrowDown") moveTo(share.value + KEY_STEP);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no thematic break.
    <div
      class="sash"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={direction === "across" ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(share.value * 100)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
