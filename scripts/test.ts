// `npm test`: static checks, a build as it ships, unit tests, and the extension in a real VS Code.
// `npm test -- --unit` (or --check, --e2e; several may be given) runs a part; further arguments choose test files by
// a part of their path.
import { glob } from "node:fs/promises";
import { parseArgs } from "node:util";
import { runChecks } from "./checks.ts";
import { chromium } from "./chromium.ts";
import { installCodeServer } from "./installCodeServer.ts";
import { rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { runTestFiles, type TestCounts } from "./testFiles.ts";
import { build, extensionPath, packageExtension } from "./vsix.ts";

const { values: chosen, positionals: pathParts } = parseArgs({
  options: { check: { type: "boolean" }, unit: { type: "boolean" }, e2e: { type: "boolean" } },
  allowPositionals: true,
});
const everything = !(chosen.check || chosen.unit || chosen.e2e);

const results: TestCounts[] = [];
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
async function stage(isChosen: boolean | undefined, title: string, work: () => Promise<TestCounts>): Promise<boolean> {
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
async function prepare(): Promise<TestCounts> {
  await build();
  process.env.CHROMIUM_PATH ??= await chromium();
  return { passed: 0, failed: 0 };
}

/** Runs the test files that are chosen; two unit tests at a time, for some start engines and browsers. */
async function runTests(pattern: string, except?: string): Promise<TestCounts> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: rootFolder })) {
    const isChosen = pathParts.length === 0 || pathParts.some((part) => file.includes(part));
    if (isChosen && !(except && file.startsWith(except))) files.push(file);
  }
  return runTestFiles(files.sort(), except ? 2 : 1);
}
