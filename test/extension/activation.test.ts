import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const MAX_BYTES = 300_000;
const entry = join(import.meta.dirname, "..", "..", "dist", "extension", "extension.js");

/** Every file that Node loads with this one: what it imports, and what that imports, as far as no `import()` stands between. */
function loadedWith(path: string, loaded = new Map<string, string>()): Map<string, string> {
  if (loaded.has(path)) return loaded;
  const text = readFileSync(path, "utf8");
  loaded.set(path, text);
  for (const [, name = ""] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
    loadedWith(join(dirname(path), name), loaded);
  }
  return loaded;
}

test("activation loads little, and neither gRPC nor the client", () => {
  const loaded = [...loadedWith(entry).values()];
  const bytes = loaded.reduce((sum, text) => sum + text.length, 0);
  assert.ok(bytes < MAX_BYTES, `${bytes} bytes are loaded on activation`);
  const heavy = loaded.filter((text) => text.includes("grpc-status") || text.includes("modal.client"));
  assert.equal(heavy.length, 0);
  const client = readFileSync(entry, "utf8").match(/import\("(\.\/localTarget[^"]+)"\)/)?.[1];
  assert.ok(client, "the local target is loaded when it is needed");
  const later = [...loadedWith(join(dirname(entry), client)).values()].join("");
  assert.ok(later.includes("grpc-status"), "the test knows gRPC when it sees it");
});
