import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

const saying = (text: string) => `import modal, sys
app = modal.App("shop")

@app.function()
def answer(name="nobody"):
    print("answering", name)
    print("aside to", name, file=sys.stderr)
    return "${text}"

@app.function()
def other():
    print("other")

@app.function()
def lines():
    print("first\\nsecond\\n\\nthi", end="", flush=True)
    print("rd")
`;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  for (const text of ["one", "two"]) await run(["deploy", await cli.file("shop.py", saying(text))]);
});
after(() => cli[Symbol.asyncDispose]());

async function run(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Prints logs until all that was printed has arrived: output may come before what the function printed. */
async function logsWith(part: string, args: readonly string[]): Promise<string> {
  for (;;) {
    const printed = await run(["logs", ...args]);
    if (printed.includes(part)) return printed;
  }
}

test("an app's history is listed, and a version put back, by number or the one before", async () => {
  assert.equal(await run(["rollback", "shop"]), "shop is at version 3 now, which puts back version 1.\n");
  assert.equal(await run(["call", "shop", "answer"]), '"one"\n');
  assert.equal(await run(["rollback", "shop", "v2"]), "shop is at version 4 now, which puts back version 2.\n");
  assert.equal(await run(["call", "shop", "answer"]), '"two"\n');
  const lines = (await run(["history", "shop"])).trimEnd().split("\n");
  const [v4, v3, v2, v1] = lines;
  assert.equal(lines.length, 4);
  assert.match(v4 ?? "", /^v4 {2}\d{4}-\d\d-\d\d \d\d:\d\d .*current, puts back v2$/);
  assert.match(v3 ?? "", /^v3 .*puts back v1$/);
  assert.match(v2 ?? "", /^v2 /);
  assert.match(v1 ?? "", /^v1 /);
  const [newest] = JSON.parse(await run(["history", "shop", "--json"])) as { version: number; rollbackOf: number }[];
  assert.deepEqual([newest?.version, newest?.rollbackOf], [4, 2]);
});

test("what cannot be put back, or is no app, is said with exit code 2", async () => {
  for (const [args, message] of [
    [["rollback", "shop", "v99"], /^The app shop has no version 99; it is at version \d now\.\n$/],
    [["rollback", "shop", "last"], /^"last" is not a version; write one such as v3\.\n$/],
    [["history", "nowhere"], /^There is no app "nowhere"/],
    [["logs", "shop", "--function", "gone"], /^The app has no function "gone" now; it has: answer, other, lines\.\n$/],
    [["logs", "shop", "-f", "--tail", "3"], /^--follow waits for what is to come/],
    [["logs", "shop", "--since", "1h", "--until", "2h"], /^--since must be before --until\.\n$/],
    [["logs", "shop", "--since", "then"], /such as 30m, 2h or 7d, or a time/],
    [["logs", "shop", "--source", "stdin"], /Allowed choices are stdout, stderr, system/],
    [["logs", "shop", "--tail", "0"], /1 to 20,000/],
  ] as const) {
    const { code, stdout, stderr } = await cli.run(args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});

test("containers are listed with their app, of all apps or of one", async () => {
  await run(["call", "shop", "answer"]);
  for (const args of [["containers"], ["containers", "shop"]]) {
    assert.match(await run(args), /^ta-[0-9A-Z]{26} {2}shop {2}up \d+ \w+$/m);
  }
  const [container] = JSON.parse(await run(["containers", "--json"])) as { appName: string }[];
  assert.equal(container?.appName, "shop");
});

test("environments are listed with the default one", async () => {
  assert.equal(await run(["environments"]), "main  default\n");
  const [main] = JSON.parse(await run(["environments", "--json"])) as { name: string; isDefault: boolean }[];
  assert.deepEqual([main?.name, main?.isDefault], ["main", true]);
});

test("logs are narrowed by time, number, source, text, function and container", async () => {
  await run(["call", "shop", "answer", "--args", '["Ada"]']);
  await run(["call", "shop", "other"]);
  await logsWith("other\n", ["shop"]);
  await logsWith("aside to Ada\n", ["shop"]);
  assert.equal(await run(["logs", "shop", "--search", "Ada", "--source", "stderr"]), "aside to Ada\n");
  assert.equal(await run(["logs", "shop", "--since", "1h", "--search", "answering Ada"]), "answering Ada\n");
  assert.equal(await run(["logs", "shop", "--function", "other"]), "other\n");
  assert.equal((await run(["logs", "shop", "--tail", "1"])).split("\n").length, 2);
  assert.equal(await run(["logs", "shop", "--until", "1h"]), "");
  assert.equal(await run(["logs", "shop", "--since", "2020-01-01", "--until", "2020-02-01T05:00"]), "");
  const containers = JSON.parse(await run(["containers", "--json"])) as { taskId: string }[];
  const printed = await Promise.all(containers.map(({ taskId }) => run(["logs", "shop", "--container", taskId])));
  assert.equal(printed.filter((text) => text === "other\n").length, 1);
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  assert.match(await run(["logs", "shop", "--timestamps", "--function", "other"]), new RegExp(`^${time} other\n$`));
});

test("each line begins with the ids that are asked for, in Modal's order", async () => {
  const id = (await run(["spawn", "shop", "lines"])).trim();
  assert.equal(await run(["get", id]), "null\n");
  await logsWith("third\n", ["shop", "--function", "lines"]);
  const shown = (...options: string[]) => run(["logs", id, ...options.map((option) => `--${option}`)]);
  const ids = String.raw`fu-\w+ ${id} in-\w+ ta-\w+`;
  assert.match(
    await shown("show-container-id", "show-input-id", "show-function-call-id", "show-function-id"),
    new RegExp(`^${ids} first\n${ids} second\n${ids} \n${ids} third\n$`),
  );
  assert.match(await shown("timestamps", "show-function-call-id"), new RegExp(`^(\\S+Z ${id} \\w*\n){4}$`));
});

test("following a call's logs ends with the call", async () => {
  const id = (await run(["spawn", "shop", "answer", "--args", '["Grace"]'])).trim();
  const printed = await run(["logs", id, "--follow"]);
  assert.deepEqual(printed.trimEnd().split("\n").sort(), ["answering Grace", "aside to Grace"]);
});
