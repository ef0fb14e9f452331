import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCommand } from "../../scripts/childProcess.ts";
import { rootFolder } from "../../scripts/project.ts";
import { FakeModal } from "./fakeModal.ts";

const LIMIT = { timeout: 60_000 };
const TSC = join(rootFolder, "node_modules", ".bin", "tsc");

let folder: string;
/** A project whose only package is ours, packed and installed as a user does it. */
let project: string;

async function packAndInstall(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "spawnpoint-library-"));
  const source = join(folder, "source");
  project = join(folder, "project");
  await mkdir(source);
  await mkdir(project);
  for (const name of ["package.json", ".npmignore", "README.md", "LICENSE"]) {
    await cp(join(rootFolder, name), join(source, name));
  }
  await runCommand(process.execPath, ["esbuild.mjs", "--out", join(source, "dist")], { cwd: rootFolder });
  await runCommand("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: source });
  const [packed = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  await writeFile(join(project, "package.json"), "{}");
  await runCommand("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed)], { cwd: project });
}

before(packAndInstall, { timeout: 180_000 });
after(() => rm(folder, { recursive: true }));

/** Writes a file into the project and runs it; returns what it printed. */
async function run(name: string, text: string, ...args: string[]): Promise<string> {
  await writeFile(join(project, name), text);
  return runCommand(process.execPath, [name, ...args], { cwd: project });
}

const PYTHON_FILE = `import modal

app = modal.App("library")

@app.function()
def square(x):
    return x * x
`;

const CALLS = `
const modal = new ModalClient({ url: process.argv[2], tokenId: "ak-1", tokenSecret: "as-1" });
const fn = modal.functions.fromName("app", "square");
const results = [await fn.remote([7])];
for await (const result of fn.map([[1, 2, 3]])) results.push(result);
const missing = await modal.calls.fromId("fc-99").get().catch((error) => error instanceof NotFoundError);
console.log(JSON.stringify({ results, missing }));
`;

const MODULES = [
  ["an ES module", "calls.mjs", `import { ModalClient, NotFoundError } from "spawnpoint/client";\n${CALLS}`],
  [
    "a CommonJS module",
    "calls.cjs",
    `const { ModalClient, NotFoundError } = require("spawnpoint/client");\n(async () => {${CALLS}})();`,
  ],
  [
    "an ES module by the package's name",
    "name.mjs",
    `import { ModalClient, NotFoundError } from "spawnpoint";\n${CALLS}`,
  ],
] as const;

for (const [what, name, text] of MODULES) {
  test(`${what} calls functions, and ends by itself without close`, LIMIT, async () => {
    await using server = await FakeModal.start();
    assert.deepEqual(JSON.parse(await run(name, text, server.url)), { results: [49, 1, 4, 9], missing: true });
  });
}

test("both kinds of modules export the same things, each once in a process", LIMIT, async () => {
  const script = `
    import { createRequire } from "node:module";
    import * as esModule from "spawnpoint/client";
    import * as root from "spawnpoint";
    const commonJs = createRequire(import.meta.url)("spawnpoint/client");
    const names = Object.keys(commonJs).sort();
    const isSame = names.every((name) => esModule[name] === commonJs[name] && root[name] === commonJs[name]);
    const others = Object.keys(esModule).filter((name) => !names.includes(name) && name !== "module.exports");
    console.log(JSON.stringify({ names, isSame, others }));
  `;
  const { names, isSame, others } = JSON.parse(await run("same.mjs", script));
  assert.ok(names.includes("ModalClient") && names.includes("NotFoundError"));
  assert.deepEqual({ isSame, others }, { isSame: true, others: [] });
});

test("a function of a file runs locally, with the Python side that is in the package", LIMIT, async () => {
  await writeFile(join(project, "app.py"), PYTHON_FILE);
  const script = `
    import { LocalFunction } from "spawnpoint/client";
    const square = new LocalFunction({ path: "app.py", qualname: "square" });
    for await (const { value } of square.run([7])) console.log(value);
  `;
  assert.equal(await run("local.mjs", script), "49\n");
});

const TYPED = `
import { type FunctionCall, ModalClient, type ModalFunction, RemoteError } from "spawnpoint/client";

export async function run(): Promise<readonly unknown[]> {
  const modal = ModalClient.fromConfig({ profile: "default" });
  const fn: ModalFunction = modal.functions.fromName("app", "f");
  const call: FunctionCall = await fn.spawn([1], { name: "x" });
  const results: unknown[] = [];
  for await (const result of fn.map([[1, 2, 3]], { orderOutputs: false })) results.push(result);
  const value: unknown = await call.get({ timeoutMs: 1_000 }).catch((error: unknown) => {
    if (error instanceof RemoteError) return error.traceback.length;
    throw error;
  });
  modal.close();
  return [...results, value];
}
`;

/** What must not pass: a unit forgotten, a handle made by hand, a method that is not there. */
const WRONGLY_TYPED = `
import { FunctionCall, ModalClient } from "spawnpoint/client";
const modal = new ModalClient({ url: "", tokenId: "", tokenSecret: "" });
modal.calls.fromId("fc-1").get({ timeout: 5 });
new FunctionCall("fc-1");
modal.functions.fromName("app", "f").remoteAll();
`;

const TSCONFIG = {
  compilerOptions: { module: "nodenext", target: "es2022", strict: true, skipLibCheck: false, noEmit: true, types: [] },
};

test("the types stand alone, in modules of both kinds", LIMIT, async () => {
  const files = ["typed.mts", "typed.cts"];
  for (const name of files) await writeFile(join(project, name), TYPED);
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ ...TSCONFIG, files }));
  await runCommand(TSC, ["-p", "."], { cwd: project });
});

test("the types refuse what would fail", LIMIT, async () => {
  await writeFile(join(project, "wrong.json"), JSON.stringify({ ...TSCONFIG, files: ["wrong.mts"] }));
  await writeFile(join(project, "wrong.mts"), WRONGLY_TYPED);
  const failure = await runCommand(TSC, ["-p", "wrong.json"], { cwd: project }).catch(String);
  const lines = new Set(failure.match(/(?<=^wrong\.mts\()\d+/gm));
  assert.deepEqual([...lines], ["4", "5", "6"]);
});

test("what is bundled is named, with its version and its licence", LIMIT, async () => {
  const notices = await readFile(join(project, "node_modules", "spawnpoint", "dist", "thirdPartyNotices.txt"), "utf8");
  for (const name of [
    "@grpc/grpc-js",
    "@bufbuild/protobuf",
    "cbor-x",
    "commander",
    "@vscode/codicons",
    "preact",
    "ws",
  ]) {
    assert.match(notices, new RegExp(`^${name} [0-9.]+.* \\([^)]+\\)+$`, "m"), name);
  }
  assert.doesNotMatch(notices, /^(typescript|esbuild|playwright-core) /m, "tools are not in it");
  assert.match(notices, /Permission is hereby granted, free of charge/);
});

test("the package needs no other, and nothing in it needs VS Code", LIMIT, async () => {
  const installed = join(project, "node_modules");
  const packages = (await readdir(installed)).filter((name) => !name.startsWith("."));
  assert.deepEqual(packages, ["spawnpoint"]);
  const names = (await readdir(join(installed, "spawnpoint", "dist"))).filter((name) => /\.[cm]js$/.test(name));
  assert.deepEqual(names.sort(), ["cli.cjs", "client.cjs", "client.mjs", "engine.cjs"]);
  for (const name of names) {
    assert.doesNotMatch(await readFile(join(installed, "spawnpoint", "dist", name), "utf8"), /require\("vscode"\)/);
  }
});
