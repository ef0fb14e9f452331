// `npm run l10n`: writes l10n/bundle.l10n.json, with which translators begin. With --check, only says whether it is up to date.
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { getL10nJson } from "@vscode/l10n-dev";
import { rootFolder } from "./project.ts";

const path = join(rootFolder, "l10n", "bundle.l10n.json");
const bundle = sorted(await getL10nJson(await translatedFiles()));
if (!process.argv.includes("--check")) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(bundle, undefined, 2)}\n`);
} else if (!isDeepStrictEqual(bundle, JSON.parse(await readFile(path, "utf8")))) {
  console.error("l10n/bundle.l10n.json is not what the sources say; run npm run l10n.");
  process.exitCode = 1;
}

async function translatedFiles() {
  const files: { readonly contents: string; readonly extension: string }[] = [];
  for await (const name of glob("src/**/*.{ts,tsx}", { cwd: rootFolder })) {
    const contents = await readFile(join(rootFolder, name), "utf8");
    if (contents.includes("@vscode/l10n")) files.push({ contents, extension: extname(name) });
  }
  return files;
}

/** By the alphabet, so that the file does not depend on the order of the sources. */
function sorted<Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
}
