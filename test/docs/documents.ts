import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "../../scripts/project.ts";

/** A fenced block of a page. */
export interface Block {
  /** From 1, where the fence opens. */
  readonly line: number;
  /** `sh`, `js`, `python`, …; empty for none. */
  readonly language: string;
  /** What stands after the language: the name of a file that the block is the content of. */
  readonly fileName: string;
  readonly text: string;
  /** What it prints, as a block `text` right after it says; … stands for whatever is different each time. */
  readonly output: string | undefined;
  /** Why nobody runs it, as a comment before it says: `<!-- not run: … -->`. */
  readonly notRun: string | undefined;
}

/** A page of the documents. */
export interface Page {
  /** From the root folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** All pages that people read, except the changelog. */
export function readPages(): Promise<Page[]> {
  const paths = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    ...globSync("docs/*.md", { cwd: rootFolder }).sort(),
  ];
  return Promise.all(paths.map((path) => readPage(path.replaceAll("\\", "/"))));
}

async function readPage(path: string): Promise<Page> {
  const text = await readFile(join(rootFolder, path), "utf8");
  return { path, text, blocks: blocksOf(text) };
}

const NOT_RUN = /(?:^<!-- not run: ([^>]+) -->\n+)?/;
const FENCED = /^```(\w*) ?(.*)\n([\s\S]*?)^```$/;
const OUTPUT = /(?:\n\n```text\n([\s\S]*?)^```$)?/;
const BLOCK = new RegExp([NOT_RUN, FENCED, OUTPUT].map(({ source }) => source).join(""), "gm");

function blocksOf(page: string): Block[] {
  return [...page.matchAll(BLOCK)].map(
    ({ index, 0: all, 1: notRun, 2: language = "", 3: fileName = "", 4: text = "", 5: output }) => ({
      line: page.slice(0, index + all.indexOf("```")).split("\n").length,
      language,
      fileName,
      text,
      output,
      notRun,
    }),
  );
}
