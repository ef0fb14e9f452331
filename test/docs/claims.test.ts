import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";
import { rootFolder } from "../../scripts/project.ts";
import { type Page, readPages } from "./documents.ts";

const SOURCES = [
  "src/**/*.{ts,tsx,py,proto,css}",
  "test/**/*.{ts,py}",
  "scripts/*.{ts,mjs}",
  "*.{mjs,cjs}",
  "media/samples/*.py",
];
/** Folders that set-up, a build or a data folder has. */
const MADE = /^(dist|node_modules|\.cache|variables|payloads|uploads|snapshots)\//;
/** Pieces of a sentence that are shorter say nothing. */
const TELLING_CHARACTERS = 6;

const sources = globSync(SOURCES, { cwd: rootFolder }).map((path) => path.replaceAll("\\", "/"));
const folders = new Set(sources.flatMap((path) => [dirname(path), dirname(dirname(path))]));

function textOf(path: string): string {
  return readFileSync(join(rootFolder, path), "utf8");
}

async function page(path: string): Promise<Page> {
  const found = (await readPages()).find((candidate) => candidate.path === path);
  assert.ok(found, path);
  return found;
}

/** Links of a page but those to other sites: what they say, the file from the root folder, the heading in it. */
function localLinks({ path, text }: Page): { text: string; file: string; anchor: string }[] {
  const links = text
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/\[([^\]]*)\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g);
  return [...links].map(([, text = "", target = "", anchor = ""]) => ({
    text,
    file: target === "" ? path : posix.join(dirname(path), target),
    anchor,
  }));
}

/** The anchors of a page, as GitHub and VS Code name them, and those that it has set itself. */
function anchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
  const counted = headings.map((name, at) => {
    const before = headings.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before}`;
  });
  return new Set([...counted, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = ""]) => id)]);
}

test("every link of the documents leads somewhere", async () => {
  const broken: string[] = [];
  for (const document of await readPages()) {
    for (const { file, anchor } of localLinks(document)) {
      const isThere = existsSync(join(rootFolder, file));
      if (!isThere || (anchor !== "" && !anchors(textOf(file)).has(anchor)))
        broken.push(`${document.path}: ${file}#${anchor}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("every file and folder of the sources that the documents name is there", async () => {
  const missing: string[] = [];
  for (const name of ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/security.md"]) {
    const { text, blocks } = await page(name);
    const shown = new Set(blocks.map(({ fileName }) => fileName));
    for (const [, path = ""] of text.matchAll(/`([\w./-]+(?:\.(?:tsx?|py|proto|mjs|cjs)|\/))`/g)) {
      if (MADE.test(path)) continue;
      const isFile = sources.some((source) => source === path || source.endsWith(`/${path}`));
      const folder = path.replace(/\/$/, "");
      const isFolder = [...folders].some((source) => source === folder || source.endsWith(`/${folder}`));
      if (!isFile && !isFolder && !shown.has(path) && !existsSync(join(rootFolder, path)))
        missing.push(`${name}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("every test that the documents name for a claim is there, and each claim about security names one", async () => {
  const { text } = await page("docs/security.md");
  const named = localLinks(await page("docs/security.md")).filter(({ file }) => file.startsWith("test/"));
  const missing = named.filter(({ file, text }) => !titles(file).includes(text));
  assert.deepEqual(missing, []);
  const claims = text.slice(0, text.indexOf("\n## What is not")).match(/^- .+(?:\n {2}.+)*/gm) ?? [];
  assert.ok(claims.length > 20);
  assert.deepEqual(
    claims.filter((claim) => !claim.includes("](../test/")),
    [],
  );
});

/** The tests of a file, also those inside of others; of a title that is made, the parts that are written, joined by …. */
function titles(path: string): string[] {
  const tests = textOf(path).matchAll(/\btest\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g);
  return [...tests].map(([, plain, made = ""]) => plain ?? made.replaceAll(/\$\{[^}]*\}/g, "…"));
}

test("every message that is explained is one that the code says", async () => {
  const { text } = await page("docs/troubleshooting.md");
  const messages = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = ""]) => message);
  assert.ok(messages.length > 20);
  const code = sources
    .filter((path) => path.startsWith("src/"))
    .map(textOf)
    .map(joined);
  const unknown = messages.filter((message) => {
    const pieces = message
      .split("…")
      .map((piece) => piece.trim())
      .filter((piece) => piece.length >= TELLING_CHARACTERS);
    return pieces.length === 0 || !code.some((file) => pieces.every((piece) => file.includes(piece)));
  });
  assert.deepEqual(unknown, []);
});

/** A source whose sentences are in one piece, also where they go over several lines, with their quotation marks. */
function joined(source: string): string {
  return source.replaceAll(/["'`]\s*\+?\s*\n\s*f?["'`]/g, "").replaceAll('\\"', '"');
}
