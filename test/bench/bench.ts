// `npm run bench`: how fast the whole way is (client, socket, durable store, container), beside peers and limits in the same run. Prints
// a line of JSON per figure, then a table per part, and keeps both in a history file. Figures of two machines do not compare; ratios do.
//
// Usage: npm run bench -- [PART…] [--all] [--keep] [--history] [--help]
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder, rootFolder } from "../../scripts/project.ts";
import { build } from "../../scripts/vsix.ts";
import { resolveInterpreter } from "../../src/targets/interpreter.ts";
import { LocalTarget } from "../../src/targets/localTarget.ts";
import { figureRow, sharesText, takeFigures } from "./figures.ts";
import { historyPath, keptPath, printHistory } from "./history.ts";
import type { Bench, Part } from "./part.ts";
import { parts } from "./parts.ts";
import { appendRecord, currentLoad, runRecord } from "./runRecord.ts";

const { values: options, positionals: names } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    history: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const unknown = names.find((name) => !parts.some((part) => part.name === name));
const chosen = parts.filter(({ name, isByNameOnly }) =>
  names.length === 0 ? options.all || !isByNameOnly : names.includes(name),
);

if (options.help) printHelp();
else if (unknown !== undefined) fail(`There is no part ${unknown}; npm run bench -- --help lists them.`);
else if (options.history) await printHistory(chosen.map(({ name }) => name));
else await withEngine(runParts);

async function withEngine(work: (bench: Bench) => Promise<void>): Promise<void> {
  await build();
  const dataFolder = await mkdtemp(join(cacheFolder, "bench-"));
  const target = new LocalTarget({ enginePath: join(rootFolder, "dist", "engine.cjs"), dataFolder });
  try {
    const { path: python } = await resolveInterpreter({ folder: import.meta.dirname });
    await target.engine(); // Starts it.
    const { address, engine, modal } = await target.running();
    await engine.deploy({ path: join(import.meta.dirname, "functions.py"), python });
    await work({ modal, engine, address, dataFolder, python });
    await engine.shutDown();
  } finally {
    target.close();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** One after the other. One that fails is named, and the others run. */
async function runParts(bench: Bench): Promise<void> {
  for (const part of chosen) {
    const load = currentLoad();
    try {
      await part.measure(bench);
      await keep(part, load);
    } catch (error) {
      takeFigures();
      fail(`${part.name} was not measured: ${error instanceof Error ? error.message : error}`);
    }
  }
}

async function keep({ name }: Part, loadBefore: number): Promise<void> {
  const figures = takeFigures();
  if (figures.length === 0) return; // It has said why.
  const record = runRecord(name, loadBefore, figures);
  await appendRecord(historyPath, record);
  if (options.keep) await appendRecord(keptPath, record);
  console.table(record.figures.map(figureRow));
  for (const { name, shares } of record.figures) if (shares) console.log(`${name}: ${sharesText(shares)}`);
}

function printHelp(): void {
  console.log("npm run bench -- [PART…]: all parts but those with *, or the parts that are named. Each measures\n");
  for (const { name, isByNameOnly, measures } of parts)
    console.log(`  ${(name + (isByNameOnly ? " *" : "")).padEnd(14)}${measures}`);
  console.log(`
  --all       those with * too
  --history   prints how the figures went, instead of measuring
  --keep      keeps the figures for docs/performance.md, which npm run docs then writes anew`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
