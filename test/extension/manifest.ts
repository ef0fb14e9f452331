import { readFileSync } from "node:fs";
import { join } from "node:path";

const rootFolder = join(import.meta.dirname, "..", "..");

function read(name: string): string {
  return readFileSync(join(rootFolder, name), "utf8");
}

/** The English sentences that `package.json` names as `%key%`. */
export const manifestTexts: Readonly<Record<string, string>> = JSON.parse(read("package.nls.json"));

/** `package.json` as it is written, with `%key%` for what users read. */
export const writtenManifest: unknown = JSON.parse(read("package.json"));

/** `package.json` as VS Code shows it in English. */
export function readManifest<Manifest>(): Manifest {
  return JSON.parse(read("package.json"), (_, value) =>
    typeof value === "string" ? value.replace(/^%(.+)%$/, (_, key: string) => manifestTexts[key] ?? value) : value,
  );
}
