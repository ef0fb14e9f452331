// `npm run fuzz`: gives every decoder, and the engine's port, more random values than the tests do. `--times N` says how many times as
// many, `--seed N` which ones; further arguments choose test files by a part of their path.
import { glob } from "node:fs/promises";
import { parseArgs } from "node:util";
import { rootFolder } from "./project.ts";
import { runTestFiles } from "./testFiles.ts";

/** Only ends what hangs. */
const HOUR_MS = 60 * 60 * 1_000;

const { values, positionals } = parseArgs({
  options: {
    times: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
  allowPositionals: true,
});
process.env.FUZZ_TIMES = values.times;
process.env.FUZZ_SEED = values.seed;

const files: string[] = [];
for await (const file of glob("test/**/*{Fuzz,Hostile,Properties}.test.ts", { cwd: rootFolder })) {
  if (positionals.length === 0 || positionals.some((part) => file.includes(part))) files.push(file);
}
const { passed, failed } = await runTestFiles(files.sort(), 1, { testMs: HOUR_MS, fileMs: HOUR_MS });
console.log(`${passed} passed, ${failed} failed; --times ${values.times} --seed ${values.seed}`);
process.exitCode = failed > 0 ? 1 : 0;
