// `npm run docs`: writes the pages of docs/ that are made from code. With --check, only says whether they are up to date.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientReference } from "./clientReference.ts";
import { commandLinePage } from "./commandLinePage.ts";
import { compatibilityPage } from "./compatibility.ts";
import { performancePage } from "./performancePage.ts";
import { rootFolder } from "./project.ts";
import { settingsPage } from "./settingsPage.ts";

const pages = [
  { name: "client.md", source: "the client's docstrings", make: clientReference },
  { name: "command-line.md", source: "the command line's help and examples", make: commandLinePage },
  { name: "settings.md", source: "the table of settings", make: settingsPage },
  { name: "performance.md", source: "the figures that npm run bench -- --keep has kept", make: performancePage },
  { name: "compatibility.md", source: "the engine's handlers and their remarks", make: compatibilityPage },
];

for (const { name, source, make } of pages) {
  const path = join(rootFolder, "docs", name);
  const page = await make();
  if (!process.argv.includes("--check")) await writeFile(path, page);
  else if (page !== (await readFile(path, "utf8").catch(() => ""))) {
    console.error(`docs/${name} is not what ${source} say; run npm run docs.`);
    process.exitCode = 1;
  }
}
