import assert from "node:assert/strict";
import { test } from "node:test";
import { readPages } from "./documents.ts";

/** Something measured: a number with a unit of time, memory or speed, a ratio or a share. Limits are said in KiB and its likes, or in seconds. */
const FIGURE = /\d[\d,.]* ?(?:ms|µs|[kKMG]B|%|×|times)(?!\w)|\/s\b/;
/** What a command has printed stands between these. */
const PRINTED = /<!-- (commands|figures) -->[\s\S]*<!-- \/\1 -->/g;

test("figures stand where the command that prints them is named, and nowhere else", async () => {
  const orphans: string[] = [];
  for (const { path, text } of await readPages()) {
    if (!["README.md", "docs/performance.md"].includes(path)) continue;
    const lines = text.replaceAll(PRINTED, "").split("\n");
    orphans.push(...lines.filter((line) => FIGURE.test(line)).map((line) => `${path}: ${line}`));
  }
  assert.deepEqual(orphans, []);
});
