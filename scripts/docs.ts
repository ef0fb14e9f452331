// `npm run docs`: writes docs/client.md from the docstrings of the client. With --check, only says whether it is up to date.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientReference } from "./clientReference.ts";
import { rootFolder } from "./project.ts";

const path = join(rootFolder, "docs", "client.md");
const page = await clientReference();
if (!process.argv.includes("--check")) await writeFile(path, page);
else if (page !== (await readFile(path, "utf8"))) {
  console.error("docs/client.md is not what the docstrings say; run npm run docs.");
  process.exitCode = 1;
}
