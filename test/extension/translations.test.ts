import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as l10n from "@vscode/l10n";
import ts from "typescript";
import { wayOn } from "../../src/targets/wayOn.ts";
import { manifestTexts, writtenManifest } from "./manifest.ts";

const rootFolder = join(import.meta.dirname, "..", "..");
const bundle: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(rootFolder, "l10n", "bundle.l10n.json"), "utf8"),
);

/** The rooms whose sentences users read in VS Code. Those below them say errors, in the words that logs and the command line have too. */
const ROOMS = ["api", "commands", "editor", "explorer", "interpreter", "panel"];

/** The table of commands and that of settings are in English, and `package.nls.json` says the same, which tests check. */
const IN_MANIFEST = ["src/commands/table.ts", "src/settings/table.ts"];

/** What looks like a sentence and is none: names of Modal's states and of errors, of Python's syntax tree, of products, and examples. */
const NO_SENTENCES = [
  /^[A-Z]+(_[A-Z]+)*$/,
  /^[A-Z]\w+Error$/,
  /^(App|Canceled|Python|Log|Spawnpoint|Spawnpoint: .+|JSON.*)$/,
  /^(default|script|style|font|img|media)-src /,
  /^<!DOCTYPE html>/,
  /^[[{(]/,
  /^min_containers=/,
  /^((Deployed|Called) .*| by Modal )\{\}/, // In the output channel, which is for reports.
  /^Modal \{\}$/,
  /^\ncaused by/,
  /^ as $/,
  /^(True|False|app\/function|argument \{\}|fc-….*|0 0 0 2em|The local engine: \{\}\.)$/,
];

interface Text {
  readonly where: string;
  readonly text: string;
}

function sources(rooms: readonly string[]): ts.SourceFile[] {
  const names = rooms.flatMap((room) => globSync(`src/${room}/**/*.{ts,tsx}`, { cwd: rootFolder })).sort();
  return [...names, "src/extension.ts"]
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => !IN_MANIFEST.includes(name) && !isAboutSyntax(name))
    .map((name) =>
      ts.createSourceFile(name, readFileSync(join(rootFolder, name), "utf8"), ts.ScriptTarget.Latest, true),
    );
}

/** Reads Python, and says nothing to anybody. */
function isAboutSyntax(name: string): boolean {
  return /editor\/(classParameters|functionParameters|functionScan|modalNames|pythonSyntax)\.ts$/.test(name);
}

/** The texts of a file that are given to nobody who translates them. */
function unmarkedTexts(file: ts.SourceFile): Text[] {
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (isTranslated(node)) return;
    const text = textOf(node);
    if (text !== undefined) found.push({ where: place(file, node), text });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTranslated(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return node.expression.getText() === "l10n.t";
  return ts.isTaggedTemplateExpression(node) && node.tag.getText() === "l10n.t";
}

/** With `{}` for what is computed. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("{}");
}

function place(file: ts.SourceFile, node: ts.Node): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** Words with spaces between them, or one that begins as a title or a sentence does. */
function looksLikeSentence(text: string): boolean {
  return /[a-z]{2}/i.test(text) && (/[\w…}"] [\w{]/.test(text) || /^[A-Z]/.test(text));
}

/** `title: "…"` and the like: what VS Code shows, even when it is one small word. */
const SHOWN = [
  "title",
  "label",
  "description",
  "detail",
  "placeHolder",
  "placeholder",
  "prompt",
  "tooltip",
  "openLabel",
];

function shownWords(file: ts.SourceFile): Text[] {
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && SHOWN.includes(node.name.getText())) {
      const text = textOf(node.initializer);
      if (text !== undefined && /^[a-z]{2,}/i.test(text)) found.push({ where: place(file, node), text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("no sentence that users read is left without a translation", () => {
  const texts = sources(ROOMS).flatMap((file) => [
    ...unmarkedTexts(file).filter(({ text }) => looksLikeSentence(text)),
    ...shownWords(file),
  ]);
  const left = texts.filter(({ text }) => !NO_SENTENCES.some((pattern) => pattern.test(text)));
  assert.deepEqual(left, [], "Mark them with l10n.t, and run npm run l10n.");
});

test("the search for such sentences knows one when it sees it", () => {
  const text = 'const a = { title: "run", x: `Stop $' + '{b}?` }; l10n.t("Fine"); l10n.t`Also fine`; f("Deploy App");';
  const file = ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest, true);
  const found = [...unmarkedTexts(file).filter((it) => looksLikeSentence(it.text)), ...shownWords(file)];
  assert.deepEqual(
    found.map((it) => it.text),
    ["Stop {}?", "Deploy App", "run"],
  );
});

// A page has its translations first (`webview/translations.ts`).
test("in the extension host, nothing is translated while modules load, before the translations are there", () => {
  const early = sources([...ROOMS, "agents", "calls", "targets"]).flatMap((file) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) || (ts.isPropertyDeclaration(node) && !isStatic(node))) return;
      if (isTranslated(node)) found.push(place(file, node));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
  assert.deepEqual(early, []);
});

function isStatic(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

test("a sentence is shown in the language of its bundle", () => {
  assert.equal(wayOn("AuthError")?.button, "Sign In");
  try {
    l10n.config({ contents: Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, `[${text}]`])) });
    assert.equal(wayOn("AuthError")?.button, "[Sign In]");
  } finally {
    l10n.config({ contents: {} });
  }
});

/** Names are the same in every language. */
const NAMES = ["Spawnpoint"];

test("package.json says nothing to users but by keys of package.nls.json, all of which are used", () => {
  const shown = shownIn(writtenManifest);
  const keys = shown.flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
  const written = shown.filter((text) => !/^%.+%$/.test(text) && !NAMES.includes(text));
  assert.deepEqual(written, []);
  assert.deepEqual([...new Set(keys)].sort(), Object.keys(manifestTexts).sort());
});

const SHOWN_IN_MANIFEST = new Set([
  "displayName",
  "title",
  "category",
  "name",
  "contextualTitle",
  "contents",
  "description",
  "markdownDescription",
  "markdownEnumDescriptions",
  "userDescription",
  "altText",
]);

/** What users read in `package.json`. Schemas and descriptions for models are not for them, and stay in English. */
function shownIn(value: unknown, key = ""): string[] {
  if (typeof value === "string") return SHOWN_IN_MANIFEST.has(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((inner) => shownIn(inner, key));
  if (typeof value !== "object" || value === null) return [];
  const isForProgrammes = (name: string) =>
    ["inputSchema", "scripts", "devDependencies", "exports", "bin"].includes(name);
  return Object.entries(value).flatMap(([name, inner]) => {
    const isProgramName = name === "name" && ("displayName" in value || "toolReferenceName" in value);
    return isForProgrammes(name) || isProgramName ? [] : shownIn(inner, name);
  });
}
