import type { Block, Page } from "./documents.ts";

/** What a page's blocks come to as one program of bash, in which each goes on where the one before it ended. */
export interface ShellScript {
  readonly text: string;
  /** The blocks that it runs, in order. */
  readonly runs: readonly Block[];
  /** By name, what the page says is in files. */
  readonly files: Readonly<Record<string, string>>;
}

/** Between the outputs of two blocks, on a line of its own. */
export const DIVIDER = "=== the next block ===";

const RUN_BY: Readonly<Record<string, (block: Block) => string>> = {
  sh: ({ text }) => text,
  js: ({ line }) => `node ${fileOf(line)}\n`,
};

/** Puts the blocks of a page that can be run into one program. */
export function shellScript({ blocks }: Pick<Page, "blocks">): ShellScript {
  const runs = blocks.filter((block) => block.notRun === undefined && isRun(block));
  const named = blocks.filter(({ fileName }) => fileName !== "").map(({ fileName, text }) => [fileName, text]);
  const modules = runs.filter(({ language }) => language === "js").map(({ line, text }) => [fileOf(line), text]);
  const steps = runs.map((block) => RUN_BY[block.language]?.(block) ?? "");
  return {
    text: ["set -euo pipefail", ...steps].join(`\necho "${DIVIDER}"\n`),
    runs,
    files: Object.fromEntries([...named, ...modules]),
  };
}

/** Whether a block is for somebody to run, rather than to read. */
export function isRun({ language, fileName }: Block): boolean {
  return language in RUN_BY && fileName === "";
}

function fileOf(line: number): string {
  return `line-${line}.mjs`;
}
