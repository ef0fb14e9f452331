// `npm test`: static checks, a build as it ships, unit tests, and the extension in a real VS Code.
// `npm test -- --unit` (or --check, --e2e; several may be given) runs a part; further arguments choose test files by
// a part of their path.
import { glob } from "node:fs/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { runChecks } from "./checks.ts";
import { chromium } from "./chromium.ts";
import { installCodeServer } from "./installCodeServer.ts";
import { rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { build, extensionPath, packageExtension } from "./vsix.ts";

/** Far beyond what any one test needs: it only ends what hangs. */
const timeoutMs = 300_000;

interface Result {
  readonly passed: number;
  readonly failed: number;
}

const { values: chosen, positionals: pathParts } = parseArgs({
  options: { check: { type: "boolean" }, unit: { type: "boolean" }, e2e: { type: "boolean" } },
  allowPositionals: true,
});
const everything = !(chosen.check || chosen.unit || chosen.e2e);

const results: Result[] = [];
await stage(chosen.check, "Static checks", runChecks);
const isBuilt = await stage(chosen.unit || chosen.e2e, "Building", prepare);
if (isBuilt) {
  await stage(chosen.unit, "Unit tests", () => runTests("test/**/*.test.ts", "test/e2e"));
  await stage(chosen.e2e, "Tests in VS Code", async () => {
    await installCodeServer();
    await packageExtension(extensionPath);
    return runTests("test/e2e/*.test.ts");
  });
}

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** Does one part of the work, if it is asked for. What stops it counts as one failed test. */
async function stage(isChosen: boolean | undefined, title: string, work: () => Promise<Result>): Promise<boolean> {
  if (!(everything || isChosen)) return false;
  try {
    results.push(await step(title, work));
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    results.push({ passed: 0, failed: 1 });
    return false;
  }
}

/** What the tests take as given: the product as it ships, and a browser. */
async function prepare(): Promise<Result> {
  await build();
  process.env.CHROMIUM_PATH ??= await chromium();
  return { passed: 0, failed: 0 };
}

/** Runs test files, each in a process of its own; two at a time, for some start engines and browsers. */
async function runTests(pattern: string, except?: string): Promise<Result> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: rootFolder })) {
    const isChosen = pathParts.length === 0 || pathParts.some((part) => file.includes(part));
    if (isChosen && !(except && file.startsWith(except))) files.push(file);
  }
  const tests = run({ files: files.sort(), cwd: rootFolder, concurrency: except ? 2 : 1, timeout: timeoutMs });
  return new Promise((resolve, reject) => {
    tests.on("test:summary", ({ file, counts }) => {
      if (file === undefined)
        resolve({ passed: counts.passed, failed: counts.tests - counts.passed - counts.skipped - counts.todo });
    });
    tests.on("error", reject);
    tests.compose(spec).pipe(process.stdout, { end: false });
  });
}
