import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { cacheFolder } from "../../scripts/project.ts";
import { inputKey } from "../../src/engine/ids.ts";
import type { OutputRecord } from "../../src/engine/store/callStore.ts";
import { openStore, type Store } from "../../src/engine/store/store.ts";
import { durationMs, median, report } from "./figures.ts";

const INPUTS = 20_000;
/** As many as go into one transaction while a map runs. */
const BATCH = 250;
const ROUNDS = 5;
const BYTES = 20;

/**
 * Measures inputs and their outputs through the engine's store, in transactions as a map makes them, beside as many rows of the same bytes
 * into a bare table without an index, in a file of its own with the same settings. In turns.
 */
export async function measureStore(): Promise<void> {
  const folder = await mkdtemp(join(cacheFolder, "bench-store-"));
  const store = openStore(folder);
  const bare = bareTable(join(folder, "bare.sqlite"));
  try {
    const ours: number[] = [];
    const bareMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await durationMs(() => storeCall(store, round + 1)));
      bareMs.push(await durationMs(async () => bare.insert()));
    }
    const perSecond = (times: readonly number[]) => INPUTS / (median(times) / 1_000);
    const figures = { ours: perSecond(ours), peer: perSecond(bareMs) };
    report({ name: "inputs with their outputs stored, beside bare rows", unit: "inputs/s", ...figures });
  } finally {
    bare.close();
    store.database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeCall({ calls, database }: Store, callNumber: number): Promise<void> {
  const args = new Uint8Array(BYTES);
  const output: OutputRecord = {
    status: 1,
    dataFormat: 4,
    taskId: "ta-0000000000000000000000",
    startedAt: 1,
    createdAt: 1,
    exception: "",
    traceback: "",
    data: args,
  };
  for (let first = 0; first < INPUTS; first += BATCH) {
    const keys = Array.from({ length: BATCH }, (_, offset) => inputKey(callNumber, first + offset));
    await database.write(() => {
      for (const key of keys) calls.insertInput({ key, dataFormat: 4, methodName: undefined, args });
    });
    await database.write(() => {
      for (const [offset, key] of keys.entries()) calls.insertOutput(first + offset + 1, key, output);
    });
  }
}

function bareTable(path: string) {
  const sqlite = new DatabaseSync(path);
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  sqlite.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)");
  const statement = sqlite.prepare("INSERT INTO rows (data) VALUES (?)");
  const data = new Uint8Array(BYTES);
  const insert = () => {
    for (let rows = 0; rows < 2 * INPUTS; rows += BATCH) {
      sqlite.exec("BEGIN");
      for (let row = 0; row < BATCH; row++) statement.run(data);
      sqlite.exec("COMMIT");
    }
  };
  return { insert, close: () => sqlite.close() };
}
