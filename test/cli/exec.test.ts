import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../src/targets/engineProcess.ts";
import { CommandLine } from "./commandLine.ts";

const APP = `
import os, modal
app = modal.App("tested")

@app.function()
def square(x):
    print("squaring", x)
    return x * x

@app.function()
def ids():
    return [os.getppid(), os.getpid()]
`;

let cli: CommandLine;
/** As a program that `exec` runs names this command line. */
let spawnpoint: string;
before(async () => {
  cli = await CommandLine.build();
  await cli.file("tested.py", APP);
  spawnpoint = `'${cli.node}' '${join(cli.folder, "dist", "cli.cjs")}'`;
});
after(() => cli[Symbol.asyncDispose]());

/** A program in a shell, with an engine of its own on which the app is deployed. */
function exec(script: string, ...options: readonly string[]): readonly string[] {
  return ["exec", "--deploy", "tested.py", ...options, "--", "sh", "-c", script];
}

async function gone(pids: readonly number[]): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; pids.some(isAlive); await delay(50)) {
    if (Date.now() > giveUpAt) throw new Error(`Of the processes ${pids} some are left.`);
  }
}

test("a program finds the engine by its variables, reads stdin and ends as it likes, and nothing is left", async () => {
  const script = `${spawnpoint} call tested square --args "[$(cat)]" && env | grep -E '^(MODAL|SPAWNPOINT)_'; exit 7`;
  const { code, stdout, stderr } = await cli.run(exec(script), "6");
  assert.equal(code, 7, stderr);
  const [result, ...variables] = stdout.trim().split("\n");
  assert.equal(result, "36");
  const env = Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>;
  assert.match(env.MODAL_SERVER_URL ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(env.MODAL_TOKEN_ID ?? "", /^ak-/);
  assert.match(env.MODAL_TOKEN_SECRET ?? "", /^as-/);
  assert.equal(env.MODAL_ENVIRONMENT, "main");
  assert.equal(existsSync(env.SPAWNPOINT_HOME ?? cli.folder), false, "the folder is gone");
  assert.match(stderr, /^tested is deployed as version 1, 2 functions:$/m);
  assert.match(stderr, /^==> tested <==\nsquaring 6$/m, "a failure shows what functions printed");
});

test("logs are printed of a program that passes only when asked for", async () => {
  const script = `${spawnpoint} call tested square --args '[6]'`;
  const [quiet, telling] = [await cli.run(exec(script)), await cli.run(exec(script, "--logs", "always"))];
  assert.deepEqual([quiet.code, telling.code], [0, 0], quiet.stderr + telling.stderr);
  assert.doesNotMatch(quiet.stderr, /squaring/);
  assert.match(telling.stderr, /^==> tested <==\nsquaring 6$/m);
});

test("logs of every app cannot be followed", async () => {
  const { code, stderr } = await cli.run(["logs", "--follow"]);
  assert.equal((await cli.run(["stop"])).code, 0);
  assert.deepEqual([code, stderr.startsWith("--follow and --function are for one app; name it, ")], [2, true]);
});

test("a signal goes to the program, which ends first", async () => {
  const program = `process.on("SIGINT", () => { console.log("tidied"); process.exit(9); });
    console.log("ready"); setInterval(() => {}, 60_000);`;
  const running = cli.start(["exec", "--", cli.node, "-e", program], null);
  await running.printed("ready");
  running.interrupt();
  const { code, stdout, stderr } = await running.outcome;
  assert.deepEqual({ code, stdout, stderr }, { code: 9, stdout: "ready\ntidied\n", stderr: "" });
});

test("engine and containers go with a command that is killed", async () => {
  const running = cli.start(exec(`${spawnpoint} call tested ids; echo ready; cat`), null);
  const printed = await running.printed("ready\n");
  const pids = JSON.parse(printed.slice(0, printed.indexOf("ready"))) as number[];
  running.kill();
  await gone(pids);
  running.endInput();
  await running.outcome;
});

test("that the engine was killed is told at the end", async () => {
  const script = `${spawnpoint} status --json | sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p' | xargs kill -9`;
  const { code, stderr } = await cli.run(["exec", "--", "sh", "-c", script]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^The engine had ended before the program did; the last that it said: nothing\.$/m);
});

test("what cannot be begun is said, and leaves nothing", async () => {
  const missing = await cli.run(["exec", "--", "no-such-program"]);
  assert.deepEqual(
    [missing.code, missing.stderr],
    [2, "no-such-program cannot be started; name a program that is there.\n"],
  );
  await cli.file("broken.py", "import modal\napp = modal.App('broken')\ndef f(:\n");
  const broken = await cli.run(["exec", "--deploy", "broken.py", "--", "echo", "never"]);
  assert.deepEqual([broken.code, broken.stdout], [4, ""]);
});

test("a data folder is kept, unless an engine runs for it already", async () => {
  const data = join(cli.folder, "kept");
  assert.equal((await cli.run(exec(`${spawnpoint} call tested square --args '[6]'`, "--data", data))).stdout, "36\n");
  const again = await cli.run([
    "exec",
    "--data",
    data,
    "--",
    "sh",
    "-c",
    `${spawnpoint} call tested square --args '[7]'`,
  ]);
  assert.equal(again.stdout, "49\n", again.stderr);
  assert.equal((await cli.run(["apps", "--data", data])).code, 0);
  const { code, stderr } = await cli.run(["exec", "--data", data, "--", "echo", "never"]);
  assert.equal((await cli.run(["stop", "--data", data])).code, 0);
  assert.equal(code, 2);
  assert.match(stderr, /^An engine runs for .+; end it by "spawnpoint stop --data .+", or name another folder\.$/m);
});
