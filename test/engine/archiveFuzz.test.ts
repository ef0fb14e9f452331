import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { exportFolder } from "../../src/engine/archive/exportFolder.ts";
import { importFolder } from "../../src/engine/archive/importFolder.ts";
import { DataFolderError } from "../../src/engine/store/database.ts";
import { openStore } from "../../src/engine/store/store.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";

const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });

test("an archive that was changed anywhere makes a folder or says why not", FUZZ_LIMIT, async (t) => {
  const root = await mkdtemp(join(tmpdir(), "spawnpoint-archive-"));
  t.after(() => rm(root, { recursive: true }));
  const folder = join(root, "data");
  const { database } = openStore(folder);
  t.after(() => database.close());
  const whole = join(root, "whole.tar.gz");
  await exportFolder(database, folder, whole);
  const compressed = await readFile(whole);
  const plain = gunzipSync(compressed);

  const changed = fc.oneof(
    fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => withChanges(compressed, changes)),
    fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => gzipSync(withChanges(plain, changes))),
    // The first 512 bytes are the header of an entry: its name, its size, its kind.
    fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) =>
      gzipSync(
        withChanges(
          plain,
          changes.map(({ at, byte }) => ({ at: at % 512, byte })),
        ),
      ),
    ),
    fc.nat(compressed.length).map((length) => compressed.subarray(0, length)),
  );
  const [archive, copy] = [join(root, "changed.tar.gz"), join(root, "copy")];
  await fc.assert(
    fc.asyncProperty(changed, async (bytes) => {
      await writeFile(archive, bytes);
      const failure = await importFolder(archive, copy).then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.ok(failure === undefined || failure instanceof DataFolderError, failure as Error);
      assert.equal(existsSync(copy), failure === undefined);
      await rm(copy, { recursive: true, force: true });
      assert.deepEqual((await readdir(root)).sort(), ["changed.tar.gz", "data", "whole.tar.gz"]);
    }),
    fuzzed(40),
  );
});

function withChanges(bytes: Buffer, changes: readonly { at: number; byte: number }[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, byte } of changes) copy[at % copy.length] = byte;
  return copy;
}
