import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { build } from "esbuild";
import { FakeModal } from "./fakeModal.ts";

const SCRIPT = `
const { ModalClient, NotFoundError } = require("./client.cjs");
(async () => {
  const modal = new ModalClient({ url: process.argv[2], tokenId: "ak-1", tokenSecret: "as-1" });
  const fn = modal.functions.fromName("app", "square");
  const results = [await fn.remote([7])];
  for await (const result of fn.map([[1, 2, 3]])) results.push(result);
  const missing = await modal.calls.fromId("fc-99").get().catch((error) => error instanceof NotFoundError);
  console.log(JSON.stringify({ results, missing }));
})();
`;

/** The library as a single CommonJS file, built as the product is: a stray import of \`vscode\` breaks the build. */
test("the bundle works in a plain Node script, which ends by itself without close", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-client-"));
  await using server = await FakeModal.start();
  try {
    await build({
      entryPoints: ["src/client/index.ts"],
      outfile: join(folder, "client.cjs"),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node22",
      logLevel: "silent",
    });
    await writeFile(join(folder, "script.cjs"), SCRIPT);
    const script = spawn(process.execPath, ["script.cjs", server.url], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output, [code]] = await Promise.all([text(script.stdout), once(script, "exit")]);
    assert.deepEqual(JSON.parse(output), { results: [49, 1, 4, 9], missing: true });
    assert.equal(code, 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
