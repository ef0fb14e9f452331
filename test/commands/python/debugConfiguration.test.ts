import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { debugConfiguration } from "../../../src/commands/python/debugConfiguration.ts";

const pythonFolder = join(import.meta.dirname, "../../../src/python");

test("the debugger starts our script in the function's folder, and takes only the user's code for theirs", () => {
  const configuration = debugConfiguration({
    functionName: "square",
    path: join("/w", "app.py"),
    python: "/venv/bin/python",
    pythonFolder,
    requestPath: "/storage/1.request",
  });
  assert.deepEqual(configuration, {
    type: "debugpy",
    request: "launch",
    name: "Debug square",
    program: join(pythonFolder, "debug.py"),
    args: ["/storage/1.request"],
    python: "/venv/bin/python",
    cwd: "/w",
    console: "integratedTerminal",
    justMyCode: true,
    rules: [{ path: join(pythonFolder, "**"), include: false }],
  });
  assert.ok(existsSync(configuration.program));
});
