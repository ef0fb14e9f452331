// `npm run fuzz`: gives every decoder, and the engine's port, more random values than the tests do. `--runs N` says how many each
// test tries, `--seed N` which ones; further arguments choose test files by a part of their path.
import { glob } from "node:fs/promises";
import { parseArgs } from "node:util";
import { rootFolder } from "./project.ts";
import { runTestFiles } from "./testFiles.ts";

const { values, positionals } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
  allowPositionals: true,
});
process.env.FUZZ_RUNS = values.runs;
process.env.FUZZ_SEED = values.seed;

const files: string[] = [];
for await (const file of glob("test/**/*{Fuzz,Hostile,Properties}.test.ts", { cwd: rootFolder })) {
  if (positionals.length === 0 || positionals.some((part) => file.includes(part))) files.push(file);
}
const { passed, failed } = await runTestFiles(files.sort(), 1);
console.log(`${passed} passed, ${failed} failed; --runs ${values.runs} --seed ${values.seed}`);
process.exitCode = failed > 0 ? 1 : 0;
