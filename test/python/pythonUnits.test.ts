import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PYTHON } from "./workerHarness.ts";

const PYTHON_SIDE = join(import.meta.dirname, "../../src/python");

for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith("_test.py"))) {
  test(`the Python unit tests of ${file} pass`, () => {
    const { status, stderr } = spawnSync(PYTHON, ["-W", "error", join(import.meta.dirname, file)], {
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: PYTHON_SIDE, PYTHONDONTWRITEBYTECODE: "1" },
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Ran [1-9]\d* tests/);
  });
}
