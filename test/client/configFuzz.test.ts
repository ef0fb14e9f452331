import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { readClientConfig } from "../../src/client/config/clientConfig.ts";
import { AuthError, InvalidError, readProfiles } from "../../src/client/index.ts";
import { fuzzed } from "../fuzzing.ts";

const folder = mkdtempSync(join(tmpdir(), "spawnpoint-config-"));
const path = join(folder, "modal.toml");
after(() => rmSync(folder, { recursive: true }));

const SECRET = "as-verysecret";
const KEYS = [
  "token_id",
  "token_secret",
  "server_url",
  "active",
  "environment",
  "max_throttle_wait",
  "override_headers",
];

const line = fc.oneof(
  fc.constantFrom(
    "[default]",
    "[work]",
    "[default.inner]",
    "[[default]]",
    `token_secret = "${SECRET}"`,
    'token_id = "ak-1"',
  ),
  fc
    .tuple(
      fc.constantFrom(...KEYS, "__proto__", "constructor"),
      fc.oneof(fc.json(), fc.string(), fc.constantFrom("true", "1e400", "0x", "inf", "1979-05-27")),
    )
    .map(([key, value]) => `${key} = ${value}`),
  fc.string({ unit: "binary", maxLength: 40 }),
);

test("any text is a configuration or an InvalidError", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      writeFileSync(path, lines.join("\n"));
      for (const read of [() => readClientConfig({ path, env: {} }), () => readProfiles({ path, env: {} })]) {
        try {
          read();
        } catch (error) {
          assert.ok(error instanceof InvalidError || error instanceof AuthError, error as Error);
          assert.ok(!inspect(error, { depth: 10 }).includes(SECRET), "no secret in an error, nor in its cause");
        }
      }
    }),
    fuzzed(500),
  );
});
