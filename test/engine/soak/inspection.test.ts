import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openStore } from "../../../src/engine/store/store.ts";
import { wrongInFolder } from "./inspection.ts";

const FILE = "bl-0000000000000000000000";
/** A call whose first input has returned a file, and whose second one has failed. */
const SOUND = `
  INSERT INTO apps VALUES ('ap-1', 'main', 'app', 1, NULL, NULL);
  INSERT INTO functions VALUES ('fu-1', 'ap-1', 'square');
  INSERT INTO function_calls (number, function_call_id, function_id, call_type, invocation_type, created_at) VALUES (1, 'fc-1', 'fu-1', 2, 5, 1);
  INSERT INTO inputs (key, status, data_format, output_entry, args) VALUES (16777216, 1, 4, 16777217, x''), (16777217, 2, 4, 16777218, x'');
  INSERT INTO outputs (entry_key, input, status, data_format, retry_count, task_id, started_at, created_at, exception, traceback, data, data_file, data_length)
    VALUES (16777217, 16777216, 1, 4, 0, '', 1, 1, '', '', x'', '${FILE}', 3), (16777218, 16777217, 2, 4, 0, '', 1, 1, '', '', x'', NULL, NULL);
  INSERT INTO data_out (call, item_index, data_format, data) VALUES (1, 1, 4, x''), (1, 2, 4, x'');`;

const TABLES = ["data_out", "outputs", "inputs", "function_calls", "functions", "apps"];

/** What damages it, and what is found then. */
const DAMAGES: readonly (readonly [string, RegExp])[] = [
  ["UPDATE inputs SET status = 0 WHERE key = 16777217", /inputs that have not ended/],
  ["UPDATE inputs SET output_entry = NULL WHERE key = 16777217", /ended without an output/],
  ["DELETE FROM outputs WHERE entry_key = 16777218", /whose output is not there/],
  ["UPDATE inputs SET output_entry = 16777217 WHERE key = 16777217", /another input's/],
  ["UPDATE outputs SET status = 1 WHERE entry_key = 16777218", /of another status/],
  ["UPDATE outputs SET input = 16777216 WHERE entry_key = 16777218", /two final outputs/],
  ["UPDATE outputs SET input = 99 WHERE entry_key = 16777218", /outputs of no input/],
  ["DELETE FROM data_out WHERE item_index = 1", /items that are missing/],
  ["UPDATE outputs SET data_length = 4 WHERE entry_key = 16777217", /has 3 bytes instead of 4/],
  ["UPDATE outputs SET data_file = NULL WHERE entry_key = 16777217", /named by no row/],
];

test("what a soak looks for in a data folder is found there, and nothing in a sound one", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-soak-"));
  t.after(() => rm(folder, { recursive: true }));
  openStore(folder).database.close();
  await mkdir(join(folder, "payloads"), { recursive: true });
  await writeFile(join(folder, "payloads", FILE), "abc");
  const database = new DatabaseSync(join(folder, "engine.sqlite"));
  t.after(() => database.close());
  database.exec(SOUND);
  assert.deepEqual(wrongInFolder(folder), []);
  for (const [damage, found] of DAMAGES) {
    database.exec(damage);
    assert.match(wrongInFolder(folder).join("\n"), found);
    for (const table of TABLES) database.exec(`DELETE FROM ${table}`);
    database.exec(SOUND);
  }
});
