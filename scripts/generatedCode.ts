import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CommandResult, tryCommand } from "./childProcess.ts";
import { cacheFolder, rootFolder } from "./project.ts";

/** Generates the code for the .proto files once more, elsewhere, and compares it with what is committed. */
export async function checkGeneratedCode(): Promise<CommandResult> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, "generated-"));
  try {
    const generated = await tryCommand("buf", ["generate", "--output", folder], {
      cwd: rootFolder,
      env: { BUF_CACHE_DIR: join(cacheFolder, "buf") },
    });
    if (generated.code !== 0) return generated;
    const [fresh, committed] = await Promise.all([
      readFiles(join(folder, "src/proto/gen")),
      readFiles(join(rootFolder, "src/proto/gen")),
    ]);
    const names = new Set([...fresh.keys(), ...committed.keys()]);
    const different = [...names].filter((name) => fresh.get(name) !== committed.get(name)).sort();
    if (different.length === 0) return { code: 0, output: "" };
    return { code: 1, output: `src/proto/gen is out of date (${different.join(", ")}); run npm run generate.` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}
