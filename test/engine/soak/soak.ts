// `npm run soak`: a real engine works for a while, at random faults, and then everything is looked at. `--seconds N` says how long, `--seed N`
// which work and which faults; the moments at which they meet are the machine's. What was done and found is printed, and kept as JSON
// in `.cache/soak/`. Ends with 1 when something was found. For Linux; a full disk takes root.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder, rootFolder } from "../../../scripts/project.ts";
import { Ledger } from "./ledger.ts";
import { soak } from "./soakRun.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);

const ledger = new Ledger();
const startedAt = new Date().toISOString();
await soak({ seconds, seed, ledger });

const { work, faults, calls, findings, measured } = ledger;
const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: rootFolder, encoding: "utf8" }).trim();
const acknowledged = calls.length;
const summary = {
  seed,
  seconds,
  startedAt,
  commit,
  node: process.version,
  work,
  faults,
  acknowledged,
  measured,
  findings,
};
const path = join(cacheFolder, "soak", `${seed}.json`);
await mkdir(join(cacheFolder, "soak"), { recursive: true });
await writeFile(path, JSON.stringify(summary, undefined, 2));

console.log("\nWork, and the failures that the faults explain:");
for (const [name, { done, failures }] of Object.entries(work)) {
  console.log(`  ${name}: ${done}`);
  for (const [sentence, count] of Object.entries(failures)) console.log(`    ${count} × ${sentence}`);
}
console.log("\nFaults:");
for (const [name, count] of Object.entries(faults)) console.log(`  ${name}: ${count}`);
console.log("\nAt the end:");
for (const [name, value] of Object.entries(measured)) console.log(`  ${name}: ${value}`);
console.log(`\n${findings.length} findings; --seconds ${seconds} --seed ${seed}; ${path}`);
for (const finding of findings) console.log(`  ✖ ${finding}`);
process.exitCode = findings.length > 0 ? 1 : 0;
