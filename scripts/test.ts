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
if (everything || chosen.check) results.push(await step("Static checks", runChecks));
if (everything || chosen.unit || chosen.e2e) results.push(await buildAndTest());

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** A failed build is one failed test: what depends on it cannot be run. */
async function buildAndTest(): Promise<Result> {
  try {
    const parts: Result[] = [];
    await step("Building", build);
    const browser = await chromium();
    process.env["CHROMIUM_PATH"] ??= browser;
    if (everything || chosen.unit)
      parts.push(await step("Unit tests", () => runTests("test/**/*.test.ts", "test/e2e")));
    if (everything || chosen.e2e) {
      await installCodeServer();
      await step("Packing the extension", () => packageExtension(extensionPath));
      parts.push(await step("VS Code tests", () => runTests("test/e2e/*.test.ts")));
    }
    return {
      passed: parts.reduce((sum, part) => sum + part.passed, 0),
      failed: parts.reduce((sum, part) => sum + part.failed, 0),
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

/** Runs test files, each in a process of its own; two at a time, for some start engines and browsers. */
async function runTests(pattern: string, except?: string): Promise<Result> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: rootFolder })) {
    const isChosen = pathParts.length === 0 || pathParts.some((part) => file.includes(part));
    if (isChosen && !(except && file.startsWith(except))) files.push(file);
  }
  const tests = run({ files: files.sort(), cwd: rootFolder, concurrency: except ? 2 : 1 });
  return new Promise((resolve, reject) => {
    tests.on("test:summary", ({ file, counts }) => {
      if (file === undefined) resolve({ passed: counts.passed, failed: counts.tests - counts.passed });
    });
    tests.on("error", reject);
    tests.compose(spec).pipe(process.stdout, { end: false });
  });
}
