import * as l10n from "@vscode/l10n";
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import type { ValueNode } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import { Icon } from "../parts/icon.tsx";

const NODES_PER_PIECE = 100;

/** What is inside the value that a path leads to, from one position to before another. */
export type LoadNodes = (path: readonly number[], start: number, end: number) => Promise<readonly ValueNode[]>;

/** A value by what is inside it, a level at a time, so that it may be as large and as deep as it likes. */
export function ValueTree({ root, load }: { root: ValueNode; load: LoadNodes }) {
  return (
    <div class="value-tree mono" role="tree" aria-label={l10n.t("Value")} onKeyDown={moveFocus}>
      <TreeItem node={root} path={[]} load={load} />
    </div>
  );
}

interface TreeItemProps {
  readonly node: ValueNode;
  readonly path: readonly number[];
  readonly load: LoadNodes;
}

function TreeItem({ node, path, load }: TreeItemProps) {
  const [children, setChildren] = useState<readonly ValueNode[]>([]);
  const [isOpen, setOpen] = useState(false);
  const isBranch = node.children > 0;
  const loadMore = async () => {
    const more = await load(path, children.length, children.length + NODES_PER_PIECE);
    setChildren((known) => (known.length === children.length ? [...known, ...more] : known));
  };
  const toggle = () => {
    if (!isBranch) return;
    if (!isOpen && children.length === 0) void loadMore();
    setOpen(!isOpen);
  };
  const left = node.children - children.length;
  return (
    <>
      <TreeRow level={path.length} isOpen={isBranch ? isOpen : undefined} onClick={toggle}>
        {isBranch ? <Icon name={isOpen ? "chevron-down" : "chevron-right"} /> : <span class="tree-gap" />}
        {node.key !== "" && <span class="json-key">{node.key}: </span>}
        <span class={`tree-preview json-${node.type}`}>{isBranch && isOpen ? countText(node) : node.preview}</span>
      </TreeRow>
      {isOpen &&
        children.map((child, position) => (
          <TreeItem key={position} node={child} path={[...path, position]} load={load} />
        ))}
      {isOpen && left > 0 && children.length > 0 && (
        <TreeRow level={path.length + 1} isOpen={undefined} onClick={() => void loadMore()}>
          <span class="tree-gap" />
          <span class="tree-more">{l10n.t`Show more (${formatCount(left)} are hidden)`}</span>
        </TreeRow>
      )}
    </>
  );
}

interface TreeRowProps {
  /** From 0. */
  readonly level: number;
  /** Undefined for a row that has nothing below it. */
  readonly isOpen: boolean | undefined;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A line of the tree. All are siblings, and say how deep they are. */
function TreeRow({ level, isOpen, onClick, children }: TreeRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's.
    <div
      class="tree-row"
      role="treeitem"
      aria-level={level + 1}
      aria-expanded={isOpen}
      tabIndex={level === 0 ? 0 : -1}
      style={{ "--level": Math.min(level, 40) }}
      onClick={onClick}
    >
      {children}
    </div>
  );
}

function countText({ type, children }: ValueNode): string {
  return type === "dict" ? `{${formatCount(children)}}` : `[${formatCount(children)}]`;
}

/** The keys of a tree, as VS Code's own have them. */
function moveFocus(event: TargetedKeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  const item = items.find((candidate) => candidate === document.activeElement);
  const target = item && keyTarget(event.key, items, items.indexOf(item), item);
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (target === item) item.click();
  else target?.focus();
}

/** Where a key leads: the item itself when it is to be opened or closed, undefined for a key that does nothing. */
function keyTarget(key: string, items: readonly HTMLElement[], current: number, item: HTMLElement) {
  const expanded = item.getAttribute("aria-expanded");
  switch (key) {
    case "ArrowDown":
      return items[current + 1];
    case "ArrowUp":
      return items[current - 1];
    case "Home":
      return items[0];
    case "End":
      return items.at(-1);
    case "ArrowRight":
      return expanded === "false" ? item : items[current + 1];
    case "ArrowLeft":
      return expanded === "true"
        ? item
        : items.findLast((above, place) => place < current && levelOf(above) < levelOf(item));
    case "Enter":
    case " ":
      return item;
    default:
      return undefined;
  }
}

function levelOf(item: HTMLElement): number {
  return Number(item.getAttribute("aria-level"));
}
