import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const rootFolder = join(import.meta.dirname, "..", "..");

/** Where time plays a part in the extension host, and what ends it. Nothing repeats but for somebody who looks or waits. */
const TIMERS: Readonly<Record<string, string>> = {
  "src/calls/callWatch.ts": "Once, after news of a call that somebody listens to.",
  "src/calls/reconnect.ts": "While a call is followed whose server is gone.",
  "src/editor/codeLenses.ts": "Once, after news of a call whose function is on the screen.",
  "src/explorer/focusedRow.ts": "Once, before a row is brought into view.",
  "src/explorer/inTime.ts": "Until a server has answered, or has not.",
  "src/explorer/reading.ts": "Once, after a level of the tree was read.",
  "src/explorer/whileVisible.ts": "While the explorer is visible.",
  "src/logs/logFollow.ts": "Once, after lines of logs that somebody looks at.",
  "src/panel/compareHost.ts": "Once, after news of calls that somebody compares.",
  "src/targets/engineProcess.ts": "While an engine ends that somebody restarts.",
  "src/targets/engineRevival.ts": "While a request waits for an engine that was lost.",
  "src/targets/engineStart.ts": "While an engine starts.",
  "src/targets/runs/runRequests.ts": "While a local entrypoint runs.",
  "src/targets/runs/runningApp.ts": "While a local entrypoint runs.",
};

const ROOMS = "agents,api,calls,commands,editor,explorer,inputs,interpreter,logs,panel,settings,targets";

test("timers are where this table says, and none of them repeats by itself", () => {
  const files = globSync(`src/{${ROOMS}}/**/*.ts`, { cwd: rootFolder }).map((name) => name.replaceAll("\\", "/"));
  const texts = [...files, "src/extension.ts"].map(
    (name) => [name, readFileSync(join(rootFolder, name), "utf8")] as const,
  );
  const withTimers = texts.filter(([, text]) => /\bsetTimeout\b/.test(text)).map(([name]) => name);
  assert.deepEqual(withTimers.sort(), Object.keys(TIMERS));
  assert.deepEqual(
    texts.filter(([, text]) => /\bsetInterval\b/.test(text)).map(([name]) => name),
    [],
  );
});

test("activated in a window where nothing is visible, the extension starts no timer and opens nothing", async () => {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier !== "vscode") return next(specifier, context);
      return { url: new URL("./silentVscode.ts", import.meta.url).href, shortCircuit: true };
    },
  });
  const { context } = await import("./silentVscode.ts");
  const { activate } = await import(pathToFileURL(join(rootFolder, "dist", "extension", "extension.js")).href);
  const before = process.getActiveResourcesInfo();
  activate(context);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(process.getActiveResourcesInfo(), before);
  const timer = setTimeout(() => undefined, 1);
  assert.notDeepEqual(process.getActiveResourcesInfo(), before, "the test knows a timer when it sees one");
  clearTimeout(timer);
});
