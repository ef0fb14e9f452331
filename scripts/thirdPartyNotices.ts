import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "./project.ts";

/** Licences under which a package may be bundled into ours: they ask for their notice, and for nothing else. */
const LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "MIT-0",
]);

/** Where a reader finds what each of them is for. */
const REVIEW = join(rootFolder, "docs", "dependencies.md");

/** What esbuild says of a bundle (its `metafile`), as far as it matters here: what has gone into each file, by path. */
interface Bundle {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  /** An expression of SPDX, such as `(Apache-2.0 AND BSD-3-Clause)`. */
  readonly license?: string;
}

/**
 * The notices of all packages of which something was bundled, by name.
 *
 * @param bundles all that ship
 * @throws Error a package has a licence that is not in the list, or is not what `docs/dependencies.md` names
 */
export async function thirdPartyNotices(bundles: readonly Bundle[]): Promise<string> {
  const folders = new Set(bundles.flatMap(bundledPackages));
  const notices = await Promise.all([...folders].map(notice));
  await checkReviewed(new Set(notices.map(({ name }) => name)));
  const sorted = [...new Map(notices.map(({ title, text }) => [title, text]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = sorted.map(([title, text]) => `${title}\n${"-".repeat(title.length)}\n\n${text}`);
  return `Spawnpoint contains parts of these packages.\n\n${parts.join("\n\n\n")}\n`;
}

/** Names of packages are the words in backquotes in the page's tables. */
async function checkReviewed(bundled: ReadonlySet<string>): Promise<void> {
  const rows = (await readFile(REVIEW, "utf8")).split("\n").filter((line) => line.startsWith("| "));
  const named = new Set(
    rows.flatMap((row) => [...row.matchAll(/`((?:@[a-z-]+\/)?[a-z0-9.-]+)`/g)].map(([, name = ""]) => name)),
  );
  const missing = [...bundled].filter((name) => !named.has(name));
  const gone = [...named].filter((name) => !bundled.has(name));
  if (missing.length > 0) throw new Error(`${missing.join(", ")}: bundled, so say in docs/dependencies.md what for.`);
  if (gone.length > 0)
    throw new Error(`${gone.join(", ")}: no longer bundled, so take it out of docs/dependencies.md.`);
}

/** The folders of the packages that are in the bundles, and not only looked at. */
function bundledPackages({ outputs }: Bundle): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([path, { bytesInOutput }]) => {
    const [folder] = /^.*\/?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return folder && bytesInOutput > 0 ? [folder] : [];
  });
}

async function notice(folder: string): Promise<{ name: string; title: string; text: string }> {
  const {
    name,
    version,
    license = "none",
  } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const unknown = license.split(/[()\s]+|\b(?:AND|OR)\b/).filter((word) => word !== "" && !LICENCES.has(word));
  if (unknown.length > 0) {
    throw new Error(
      `${name} has the licence ${license}; see whether it may be bundled, then name it in scripts/thirdPartyNotices.ts.`,
    );
  }
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return {
    name,
    title: `${name} ${version} (${license})`,
    text: texts.map((text) => text.trim()).join("\n\n") || `Licence: ${license}`,
  };
}
