import type { GraphBox } from "../../panel/messages.ts";
import type { PlacedNode } from "./graphLayout.ts";

/** What a key asks for, of the node that has the focus. */
export type KeyMeaning =
  | { readonly act: "focus"; readonly node: PlacedNode }
  | { readonly act: "expand" | "collapse" | "unfold" | "open" };

/** The keys of a tree, as VS Code's own have them. Undefined: the key means nothing there. */
export function keyMeaning(key: string, nodes: readonly PlacedNode[], current: PlacedNode): KeyMeaning | undefined {
  const place = nodes.indexOf(current);
  const { isExpanded } = current.box;
  const isBox = current.kind === "box";
  switch (key) {
    case "ArrowDown":
      return focus(nodes[place + 1]);
    case "ArrowUp":
      return focus(nodes[place - 1]);
    case "Home":
      return focus(nodes[0]);
    case "End":
      return focus(nodes.at(-1));
    case "ArrowRight":
      if (!isBox || isExpanded === undefined) return undefined;
      return isExpanded ? focus(nodes[place + 1]) : { act: "expand" };
    case "ArrowLeft":
      if (isBox && isExpanded) return { act: "collapse" };
      return focus(nodes.find((node) => node.kind === "box" && node.box === current.parent));
    case " ":
      return { act: "unfold" };
    case "Enter":
      return { act: "open" };
    default:
      return undefined;
  }
}

function focus(node: PlacedNode | undefined): KeyMeaning | undefined {
  return node && { act: "focus", node };
}

/** The boxes at the ends of failing paths, as far as these are drawn. */
export function failureEnds(nodes: readonly PlacedNode[]): readonly PlacedNode[] {
  const leadsOn = new Set<GraphBox | undefined>();
  for (const { kind, box, parent } of nodes) if (kind === "box" && box.leadsToFailure) leadsOn.add(parent);
  return nodes.filter(({ kind, box }) => kind === "box" && box.leadsToFailure && !leadsOn.has(box));
}
