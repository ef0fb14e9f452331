/** A number and its noun, e.g. `1 function`, `12,000 inputs`. */
export function counted(count: number | bigint, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

/** Lines whose cells stand under each other, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Something with parts, to be drawn with {@link tree}. */
export interface TreeNode {
  readonly text: string;
  readonly children: readonly TreeNode[];
}

/** Draws a forest with box characters, a line per node. */
export function tree(roots: readonly TreeNode[]): string[] {
  return roots.flatMap((root) => [root.text, ...branches(root.children, "")]);
}

function branches(nodes: readonly TreeNode[], indent: string): string[] {
  return nodes.flatMap((node, at) => {
    const isLast = at === nodes.length - 1;
    const below = branches(node.children, `${indent}${isLast ? "   " : "│  "}`);
    return [`${indent}${isLast ? "└─ " : "├─ "}${node.text}`, ...below];
  });
}

const BYTE_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** E.g. `512 bytes`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${BYTE_UNITS[power]}`;
}

const TIME_UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** A moment in the user's time, to the minute, e.g. `2026-03-01 05:00`. */
export function timeText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace("T", " ");
}

/** A span of time in its largest whole unit, e.g. `3 h`. */
export function spanText(spanMs: number): string {
  const [unitMs, unit] = TIME_UNITS.find(([size]) => spanMs >= size) ?? [1_000, "s"];
  return `${Math.floor(spanMs / unitMs)} ${unit}`;
}
