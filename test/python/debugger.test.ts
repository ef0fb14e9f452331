import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { debugRequest } from "../../src/client/local/debugRequest.ts";
import { debugConfiguration } from "../../src/commands/python/debugConfiguration.ts";
import { DebugAdapter } from "./debugAdapter.ts";

const PYTHON = process.env.SPAWNPOINT_PYTHON ?? "python3";
const hasDebugger = spawnSync(PYTHON, ["-c", "import debugpy"]).status === 0;
/** The rest of *Debug* is tested without: `debug.test.ts`, `debugConfiguration.test.ts`, and what is said when it is missing in `codeLens.test.ts`. */
const OPTIONS = { timeout: 120_000, skip: hasDebugger ? false : "needs the Python package debugpy" };

const SOURCE = `import modal

app = modal.App("debugged")

@app.function()
def square(x):
    y = x * x
    return y
`;

test("a breakpoint in the function hits, and our own frames are not shown", OPTIONS, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-debugger-"));
  const adapter = new DebugAdapter(PYTHON);
  t.after(async () => {
    await adapter.close();
    await rm(folder, { recursive: true });
  });
  const path = join(folder, "app.py");
  const requestPath = join(folder, "a.request");
  await writeFile(path, SOURCE);
  await writeFile(requestPath, debugRequest({ path, qualname: "square" }, [12], {}));
  const pythonFolder = join(import.meta.dirname, "../../src/python");
  const { python, ...configuration } = debugConfiguration({
    functionName: "square",
    path,
    python: PYTHON,
    pythonFolder,
    requestPath,
  });

  await adapter.request("initialize", { adapterID: "debugpy", pathFormat: "path", linesStartAt1: true });
  // The Python Debugger extension hands the interpreter on as a list, and terminals are the editor's.
  adapter.send("launch", { ...configuration, python: [python], console: "internalConsole", redirectOutput: true });
  await adapter.event("initialized");
  await adapter.request("setBreakpoints", { source: { path }, breakpoints: [{ line: 8 }] });
  await adapter.request("configurationDone", {});
  const { reason, threadId } = await adapter.event("stopped");
  assert.equal(reason, "breakpoint");
  const { stackFrames = [] } = await adapter.request("stackTrace", { threadId });
  assert.deepEqual(
    stackFrames.map(({ name, line }) => [name, line]),
    [["square", 8]],
  );
  assert.equal(existsSync(requestPath), false);
  await adapter.request("continue", { threadId });
  await adapter.event("terminated");
  assert.match(adapter.printed, /returned\s144/);
});
