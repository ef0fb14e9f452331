import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import type { RuntimeChoice } from "../proto/gen/engine_pb.js";
import { RUNTIME_NAMES, RUNTIMES } from "../proto/runtimes.ts";
import { type Exported, exportFolder } from "./archive/exportFolder.ts";
import { importFolder } from "./archive/importFolder.ts";
import { startEngine } from "./engine.ts";
import { DataFolderError } from "./store/database.ts";
import { DATABASE, openStore } from "./store/store.ts";

/** Exit codes that starters of the engine tell apart. */
const WRONG_USAGE = 2;
const DATA_FOLDER_IN_USE = 3;
const FAILED = 1;

const DAY_MS = 24 * 60 * 60 * 1_000;
const GIGABYTE = 1024 ** 3;

const MIB = 1024 * 1024;
/** Enough for a chatty training run, and little enough for a disk when a loop prints all night. */
const DEFAULT_OUTPUT_LIMIT_MIB = 16;

async function main(): Promise<void> {
  const options = readOptions();
  const { dataFolder, exportTo, importFrom } = options;
  if (dataFolder !== undefined && exportTo !== undefined) return print(await exportUnused(dataFolder, exportTo));
  if (dataFolder !== undefined && importFrom !== undefined) return print(await importFolder(importFrom, dataFolder));
  const engine = await startEngine({ ...options, version: packageJson.version, onEnd: () => end(0) });
  const end = (code: number) => {
    engine.close();
    process.exit(code);
  };
  process.on("SIGINT", () => end(0));
  process.on("SIGTERM", () => end(0));
  if (options.endWithStdin) process.stdin.on("close", () => end(0)).resume();
  const { url, socketPath, tokenId, tokenSecret, pid, data } = engine;
  const ready = options.json
    ? JSON.stringify({ url, socketPath, tokenId, tokenSecret, pid, data })
    : `The engine is ready at ${url}.\n  MODAL_SERVER_URL=${url} MODAL_TOKEN_ID=${tokenId} MODAL_TOKEN_SECRET=${tokenSecret}`;
  process.stdout.write(`${ready}\n`);
}

/** Exports a data folder for which no engine runs. */
async function exportUnused(dataFolder: string, path: string): Promise<Exported> {
  if (!existsSync(join(dataFolder, DATABASE))) throw new DataFolderError(`There is no data in ${dataFolder} yet.`);
  const { database } = openStore(dataFolder);
  try {
    return await exportFolder(database, dataFolder, path);
  } finally {
    database.close();
  }
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      data: { type: "string" },
      "in-memory": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      "idle-exit": { type: "string" },
      "end-with-stdin": { type: "boolean", default: false },
      "output-limit": { type: "string" },
      "memory-limit": { type: "string" },
      "no-fork": { type: "boolean", default: false },
      runtime: { type: "string", default: "automatic" },
      "input-plane": { type: "boolean", default: false },
      "keep-days": { type: "string" },
      "keep-gigabytes": { type: "string" },
      export: { type: "string" },
      import: { type: "string" },
    },
  });
  if (values.data === undefined && !values["in-memory"]) throw new UsageError("Give --data DIR or --in-memory.");
  const port = wholeNumber("--port", values.port, 65_535);
  const idleExit = wholeNumber("--idle-exit", values["idle-exit"], 1_000_000);
  const memoryLimit = wholeNumber("--memory-limit", values["memory-limit"], 1_000_000_000);
  const outputLimit = wholeNumber("--output-limit", values["output-limit"], 1_000_000);
  return {
    port,
    dataFolder: values["in-memory"] || values.data === undefined ? undefined : resolve(values.data),
    json: values.json,
    idleExitMs: idleExit === undefined ? undefined : idleExit * 1_000,
    endWithStdin: values["end-with-stdin"],
    fork: !values["no-fork"],
    runtime: runtimeNamed(values.runtime),
    inputPlane: values["input-plane"],
    outputLimitBytes: (outputLimit ?? DEFAULT_OUTPUT_LIMIT_MIB) * MIB,
    memoryLimitBytes: times(MIB, memoryLimit || undefined),
    pythonScripts: pythonScripts(),
    limits: {
      maxAgeMs: times(DAY_MS, wholeNumber("--keep-days", values["keep-days"], 36_500)),
      maxBytes: times(GIGABYTE, wholeNumber("--keep-gigabytes", values["keep-gigabytes"], 1_000_000)),
    },
    exportTo: values.export,
    importFrom: values.import,
  };
}

function runtimeNamed(name: string): RuntimeChoice {
  const known = RUNTIME_NAMES.find((runtime) => runtime === name);
  if (known) return RUNTIMES[known];
  throw new UsageError(`--runtime takes one of ${RUNTIME_NAMES.join(", ")}, not ${name}.`);
}

/** Beside the bundle, or, run from source, in the room of that name. */
function pythonScripts(): string {
  const here = dirname(process.argv[1] ?? ".");
  const beside = join(here, "python");
  return existsSync(beside) ? beside : join(here, "..", "python");
}

function wholeNumber(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new UsageError(`${option} takes a whole number from 0 to ${most}, not ${text}.`);
  }
  return value;
}

function times(unit: number, count: number | undefined): number | undefined {
  return count === undefined ? undefined : count * unit;
}

class UsageError extends Error {}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  const inUse = error instanceof DataFolderError && error.inUse;
  const usage = error instanceof UsageError || (error instanceof TypeError && "code" in error);
  process.exit(inUse ? DATA_FOLDER_IN_USE : usage ? WRONG_USAGE : FAILED);
});
