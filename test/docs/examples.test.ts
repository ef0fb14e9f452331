import assert from "node:assert/strict";
import { type ExecFileException, execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { clientEntry } from "../../scripts/clientLibrary.ts";
import { rootFolder } from "../../scripts/project.ts";
import { findEngine } from "../../src/targets/engineProcess.ts";
import { CommandLine } from "../cli/commandLine.ts";
import { readPages } from "./documents.ts";
import { DIVIDER, isRun, shellScript } from "./shellScript.ts";

/** The profile that pages use; here it is an account of the engine. */
const PROFILE = "my-workspace";

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  await install(cli);
});
after(() => cli[Symbol.asyncDispose]());

/** Puts the commands and the package where a shell and Node find those that are installed. */
async function install({ folder }: CommandLine): Promise<void> {
  const bin = join(folder, "bin");
  const library = join(folder, "node_modules", "spawnpoint");
  await Promise.all([mkdir(bin), mkdir(library, { recursive: true })]);
  const cliPath = join(folder, "dist", "cli.cjs");
  const command = `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n`;
  await writeFile(join(bin, "spawnpoint"), command, { mode: 0o755 });
  await writeFile(join(bin, "npx"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  await symlink(process.execPath, join(bin, "node"));
  await build({
    entryPoints: { client: clientEntry },
    outdir: library,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  await cp(join(rootFolder, "src", "python"), join(library, "python"), { recursive: true });
  await symlink(join(folder, "dist"), join(library, "dist"));
  await symlink(join(rootFolder, "node_modules", "modal"), join(folder, "node_modules", "modal"));
  await writeFile(join(library, "package.json"), JSON.stringify({ exports: { "./client": "./client.cjs" } }));
}

/** A folder as the reader of a page has it: the samples, and the files that the page shows. */
async function readersFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(cli.folder, "page-"));
  await symlink(join(rootFolder, "media"), join(folder, "media"));
  await symlink(join(cli.folder, "node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** A configuration file of Modal that has this folder's engine for an account. */
async function configFile(dataFolder: string): Promise<string> {
  const { code, stderr } = await cli.run(["apps", "--data", dataFolder]);
  assert.equal(code, 0, stderr);
  const address = await findEngine(dataFolder);
  assert.ok(address);
  const { url, tokenId, tokenSecret } = address;
  const lines = [`[${PROFILE}]`, `server_url = "${url}"`, `token_id = "${tokenId}"`, `token_secret = "${tokenSecret}"`];
  return cli.file("modal.toml", lines.join("\n"));
}

/** Output as a page says it, as a pattern: … is whatever is different each time. */
function pattern(output: string): RegExp {
  const parts = output.trimEnd().split("…");
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\s\\S]*")}$`);
}

for (const page of await readPages()) {
  const script = shellScript(page);
  if (script.runs.length === 0) continue;
  test(`what ${page.path} shows does what it says`, { timeout: 200_000 }, async (t) => {
    const cwd = await readersFolder(script.files);
    const dataFolder = join(cwd, "data");
    t.after(() => cli.run(["stop", "--data", dataFolder]));
    const env = {
      ...process.env,
      PATH: `${join(cli.folder, "bin")}:${process.env.PATH}`,
      SPAWNPOINT_HOME: dataFolder,
      MODAL_CONFIG_PATH: await configFile(dataFolder),
      NODE_NO_WARNINGS: "1",
    };
    const bash = promisify(execFile)("bash", ["-c", script.text], { cwd, env, signal: t.signal });
    const ended = bash.then((printed) => ({ ...printed, code: 0 }));
    const { code, stdout = "", stderr = "" } = await ended.catch((error: ExecFileException) => error);
    const outputs = stdout.split(`${DIVIDER}\n`).slice(1);
    assert.equal(code, 0, `${page.path}:${script.runs[outputs.length - 1]?.line} failed:\n${stderr}`);
    const printed = script.runs.map(({ line, output: expected }, at) => ({
      line,
      expected,
      actual: outputs[at]?.trimEnd() ?? "",
    }));
    const wrong = printed.filter(({ expected, actual }) => expected !== undefined && !pattern(expected).test(actual));
    assert.deepEqual(wrong, []);
  });
}

test("every block of code is run, is a file, or says why not", async () => {
  for (const { path, blocks } of await readPages()) {
    for (const block of blocks) {
      if (path === "docs/client.md" && block.language === "ts") continue; // A signature; examples are JavaScript.
      const isExplained = isRun(block) || block.fileName !== "" || block.notRun !== undefined;
      const isCode = !["", "text", "json", "toml"].includes(block.language);
      assert.ok(isExplained || !isCode, `${path}:${block.line} is code that nobody runs, and does not say why.`);
    }
  }
});
