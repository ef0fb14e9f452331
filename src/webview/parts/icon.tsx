import type { InputStatus } from "../../panel/messages.ts";
import { STATUS_LOOKS } from "../statuses.ts";

/** A codicon, hidden from screen readers: the words beside it, or the label of its button, say the same. */
export function Icon({ name, slot }: { name: string; slot?: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" {...(slot === undefined ? {} : { slot })} />;
}

export function StatusIcon({ status }: { status: InputStatus }) {
  return (
    <span class="status-icon" data-status={status}>
      <Icon name={STATUS_LOOKS[status].icon} />
    </span>
  );
}

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  /** Of a button that the Tab key reaches only at times. */
  readonly tabIndex?: number;
  readonly onClick: () => void;
}

export function IconButton({ icon, label, tabIndex = 0, onClick }: IconButtonProps) {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} tabIndex={tabIndex} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
