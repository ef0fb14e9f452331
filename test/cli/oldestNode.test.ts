// Engine and command line under the Node of the oldest VS Code, which the other tests never run.
import assert from "node:assert/strict";
import { readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rootFolder } from "../../scripts/project.ts";
import { findEngine } from "../../src/targets/engineProcess.ts";
import { CommandLine } from "./commandLine.ts";
import { installOldestNode, isOldestNodeThere, OLDEST } from "./oldestNode.ts";

const APP = fileURLToPath(new URL("./app.py", import.meta.url));
const skip = !isOldestNodeThere && `npm has no Node ${OLDEST.node} for ${process.platform} on ${process.arch}.`;

test("it is the Node of the oldest VS Code that the extension names", async () => {
  const { engines } = JSON.parse(await readFile(join(rootFolder, "package.json"), "utf8"));
  assert.equal(engines.vscode, OLDEST.vscode);
});

test(`with Node ${OLDEST.node}: calls, a map, a generator, logs, and a new start of the engine`, { skip }, async () => {
  await using cli = await CommandLine.build();
  cli.node = await installOldestNode();
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli.run(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  assert.match(await printed("deploy", APP), /^cli-demo is deployed as version 1/);
  const engine = await findEngine(cli.dataFolder);
  if (process.platform === "linux") assert.equal(await readlink(`/proc/${engine?.pid}/exe`), await realpath(cli.node));
  assert.equal(await printed("call", "cli-demo", "square", "--args", "[7]"), "49\n");
  const inputs = await cli.file("inputs.jsonl", "1\n2\n3\n");
  const results = (await printed("map", "cli-demo", "square", "--inputs", inputs)).trim().split("\n");
  assert.deepEqual(
    results.map((line) => JSON.parse(line).result),
    [1, 4, 9],
  );
  assert.equal(await printed("call", "cli-demo", "count", "--args", "[3]"), "0\n1\n2\n");
  assert.equal(await printed("call", "cli-demo", "fan", "--args", "[4]"), "14\n");
  const call = (await printed("spawn", "cli-demo", "square", "--args", "[9]")).trim();
  assert.equal(await printed("get", call), "81\n");
  assert.match(await printed("logs", call), /squaring 9/);
  await printed("stop");
  assert.equal(await printed("get", call), "81\n");
  assert.match(await printed("history", "cli-demo"), /1/);
});
