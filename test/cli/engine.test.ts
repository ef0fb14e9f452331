import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ModalClient } from "../../src/client/index.ts";
import { parseEngineAddress } from "../../src/targets/engineAddress.ts";
import { CommandLine } from "./commandLine.ts";

const APP = fileURLToPath(new URL("./app.py", import.meta.url));

let cli: CommandLine;
beforeEach(async () => {
  cli = await CommandLine.build();
});
afterEach(() => cli[Symbol.asyncDispose]());

test("the engine starts with the first command, outlives it, and stops when told to", async () => {
  const deployed = await cli.run(["deploy", APP, "--json"]);
  assert.equal(deployed.code, 0, deployed.stderr);
  const { apps } = JSON.parse(deployed.stdout) as { apps: { name: string; functions: { name: string }[] }[] };
  assert.equal(apps[0]?.name, "cli-demo");
  assert.ok(apps[0].functions.some(({ name }) => name === "square"));
  const status = JSON.parse((await cli.run(["status", "--json"])).stdout) as { apps: number; pid: number };
  assert.equal(status.apps, 1);
  assert.equal((await cli.run(["stop"])).code, 0);
  assert.throws(() => process.kill(status.pid, 0), /ESRCH/);
  assert.equal((await cli.run(["status"])).code, 3);
  const again = await cli.run(["call", "cli-demo", "square", "--args", "[6]"]);
  assert.equal(again.stdout, "36\n", again.stderr);
});

test("a file that cannot be deployed is named with its line, and what was live stays", async () => {
  assert.equal((await cli.run(["deploy", APP])).code, 0);
  const broken = await cli.file("broken.py", "import modal\napp = modal.App('cli-demo')\ndef f(:\n");
  const { code, stdout, stderr } = await cli.run(["deploy", broken]);
  assert.equal(code, 4);
  assert.equal(stdout, "");
  assert.match(stderr, new RegExp(`^${broken}:3: .+\\.$`, "m"));
  assert.match(stderr, /SyntaxError/);
  assert.equal((await cli.run(["call", "cli-demo", "square", "--args", "[6]"])).stdout, "36\n");
});

test("what is not applied on this machine is said", async () => {
  const file = await cli.file(
    "gpu.py",
    "import modal\napp = modal.App('gpus')\n@app.function(gpu='T4')\ndef f(): pass\n",
  );
  const { stdout } = await cli.run(["deploy", file]);
  assert.match(stdout, /^gpus is deployed as version 1, 1 function:\n {2}f {2}.*gpu\.py:3\nNot applied: gpu of f\. .+/);
});

test("an interpreter that does not work is a failed deployment", async () => {
  const { code, stderr } = await cli.run(["deploy", APP, "--python", "/nowhere/python"]);
  assert.equal(code, 4);
  assert.match(stderr, /^The Python \/nowhere\/python \(from --python\) cannot be run/);
});

test("finished calls are forgotten when asked to, old ones only if so asked", async () => {
  await cli.run(["deploy", APP]);
  const id = (await cli.run(["spawn", "cli-demo", "square", "--args", "[1]"])).stdout.trim();
  await cli.run(["get", id]);
  assert.match((await cli.run(["clean", "--older-than", "1d"])).stdout, /^Forgot 0 function calls/);
  assert.equal((await cli.run(["get", id])).stdout, "1\n");
  assert.match((await cli.run(["clean"])).stdout, /^Forgot 0 function calls/, "the limits allow it");
  assert.match((await cli.run(["clean", "--all", "--dry-run"])).stdout, /^Would forget 1 function call, /);
  assert.equal((await cli.run(["get", id])).stdout, "1\n");
  assert.equal((await cli.run(["clean", "--all", "--older-than", "1d"])).code, 2);
  assert.match((await cli.run(["clean", "--all"])).stdout, /^Forgot 1 function call, /);
  assert.equal((await cli.run(["get", id])).code, 2);
});

test("serve prints one line that a client can be made from, and ends with the engine", async () => {
  const serve = cli.start(["serve", "--json"]);
  await serve.printed("\n");
  const deployed = await cli.run(["deploy", APP]);
  assert.equal(deployed.code, 0, deployed.stderr);
  serve.interrupt();
  const { code, stdout } = await serve.outcome;
  assert.equal(code, 0);
  assert.equal(stdout.split("\n").length, 2);
  assert.ok(parseEngineAddress(stdout));
  assert.equal((await cli.run(["status"])).code, 3);
});

test("serve --end-with-stdin ends with the program that holds its stdin", async () => {
  const serve = cli.start(["serve", "--json", "--end-with-stdin"], null);
  await serve.printed("\n");
  serve.endInput();
  assert.equal((await serve.outcome).code, 0);
  assert.equal((await cli.run(["status"])).code, 3);
});

test("serve --in-memory serves, and leaves no folder", async () => {
  const serve = cli.start(["serve", "--in-memory", "--json"]);
  const address = parseEngineAddress(await serve.printed("\n"));
  assert.ok(address);
  const modal = new ModalClient(address);
  assert.deepEqual(await modal.apps.list(), []);
  modal.close();
  serve.interrupt();
  assert.equal((await serve.outcome).code, 0);
  assert.equal(existsSync(cli.dataFolder), false);
});

test("serve --input-plane has clients make their calls there", async () => {
  const serve = cli.start(["serve", "--input-plane", "--json"]);
  const address = parseEngineAddress(await serve.printed("\n"));
  assert.ok(address);
  const called = await cli.run(["deploy", APP]).then(() => cli.run(["call", "cli-demo", "square", "--args", "[6]"]));
  assert.equal(called.stdout, "36\n", called.stderr);
  const modal = new ModalClient(address);
  const square = await modal.functions.lookup("cli-demo", "square");
  let functionCallId: string | undefined;
  assert.equal(await square.remote([7], {}, { onCall: (call) => (functionCallId = call.functionCallId) }), 49);
  assert.equal(functionCallId, undefined, "the input plane does not tell ids of calls");
  modal.close();
  serve.interrupt();
  assert.equal((await serve.outcome).code, 0);
});

test("a second engine for a folder says so with exit code 3", async () => {
  await cli.run(["deploy", APP]);
  const { code, stderr } = await cli.run(["serve"]);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^Another engine \(process \d+, http:\/\/.+\) is using the data folder .+; stop that one .+\.\n$/,
  );
});

test("a data folder is exported with and without an engine, and imported only where nothing is", async () => {
  await cli.run(["deploy", APP]);
  const id = (await cli.run(["spawn", "cli-demo", "square", "--args", "[7]"])).stdout.trim();
  await cli.run(["get", id]);
  const [running, stopped] = [join(cli.folder, "running.tar.gz"), join(cli.folder, "stopped.tar.gz")];
  assert.match((await cli.run(["export", running])).stdout, /running\.tar\.gz has 1 function call, /);
  assert.match((await cli.run(["export", running])).stderr, /^There is a file .* already; choose another name\.\n$/);
  await cli.run(["stop"]);
  assert.equal(JSON.parse((await cli.run(["export", stopped, "--json"])).stdout).functionCalls, 1);
  assert.match((await cli.run(["import", running])).stderr, /^The data folder .* is not empty; choose an empty one/);
  for (const archive of [running, stopped]) {
    const other = `${archive}.data`;
    const imported = await cli.run(["import", archive, "--data", other]);
    assert.match(imported.stdout, /has 1 function call now\.\n$/, imported.stderr);
    assert.equal((await cli.run(["get", id, "--data", other])).stdout, "49\n");
    const again = await cli.run(["call", "cli-demo", "square", "--args", "[6]", "--data", other]);
    assert.equal(again.stdout, "36\n", again.stderr);
    assert.equal((await cli.run(["stop", "--data", other])).code, 0);
  }
});

test("the limits of a data folder are set once, and status says them with its size", async () => {
  const serve = cli.start(["serve", "--json", "--keep-days", "7", "--keep-gigabytes", "2"]);
  await serve.printed("\n");
  serve.interrupt();
  await serve.outcome;
  await cli.run(["deploy", APP]);
  const { stdout } = await cli.run(["status"]);
  assert.match(stdout, /^limits +finished calls are kept for 7 d, up to 2 GiB$/m);
  assert.match(stdout, /^size +.+: database .+, snapshots .+$/m);
});

test("--data chooses another engine", async () => {
  await cli.run(["deploy", APP]);
  const other = join(cli.folder, "other");
  assert.equal((await cli.run(["status", "--data", other])).code, 3);
});

test("--environment is where an app is deployed and looked up", async () => {
  assert.equal((await cli.run(["deploy", APP, "--environment", "dev"])).code, 0);
  const square = ["call", "cli-demo", "square", "--args", "[6]"];
  assert.equal((await cli.run([...square, "--environment", "dev"])).stdout, "36\n");
  const { code, stderr } = await cli.run(square);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /^There is no function "square" in the app "cli-demo"/);
});
