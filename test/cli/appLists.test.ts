import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

const SITE = `import modal
app = modal.App("site")

@app.function()
@modal.wsgi_app(label="front")
def page():
    return lambda environ, start_response: start_response("204 No Content", []) and []

@app.function(schedule=modal.Cron("0 9 * * 1"))
def weekly():
    pass

@app.function(schedule=modal.Period(days=1, hours=4))
def often():
    pass

@app.cls(gpu="T4")
class Model:
    @modal.method()
    def predict(self):
        pass
`;

const BROKEN = `import os, modal
app = modal.App("broken")

if not modal.is_local():
    os._exit(3)

@app.function()
def work():
    pass
`;

let cli: CommandLine;
let deployed: string;
before(async () => {
  cli = await CommandLine.build();
  deployed = await run(["deploy", await cli.file("shop.py", SITE)]);
});
after(() => cli[Symbol.asyncDispose]());

async function run(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("deploy and functions tell web addresses, schedules and what is not applied", async () => {
  const listed = await run(["functions", "site"]);
  for (const text of [deployed, listed]) {
    assert.match(text, /^ *page +\S+shop\.py:4 +http:\/\/127\.0\.0\.1:\d+$/m);
    assert.match(text, /^ *weekly +\S+shop\.py:9 *$/m);
    assert.match(text, /^ *Model\.predict +\S+shop\.py:\d+ *$/m);
    assert.match(
      text,
      /^Not applied: schedule of weekly\. Cron\('0 9 \* \* 1'\) is recorded\. Nothing runs by itself; /m,
    );
    assert.match(text, /^Not applied: schedule of often\. Period\(days=1, hours=4\) is recorded\. /m);
    assert.match(text, /^Not applied: gpu of Model\. /m);
  }
  const { functions } = JSON.parse(await run(["functions", "site", "--json"])) as { functions: { webUrl?: string }[] };
  assert.equal(functions.filter(({ webUrl }) => webUrl !== undefined).length, 1);
});

test("apps are listed with their state, stopped ones on demand", async () => {
  assert.match(await run(["apps"]), /^site +deployed +ap-\w+ +.* +0 containers$/m);
  await cli.file(
    "brief.py",
    'import modal\napp = modal.App("brief")\n\n@app.local_entrypoint()\ndef main():\n    pass\n',
  );
  await run(["run", "brief.py"]);
  assert.doesNotMatch(await run(["apps"]), /brief/);
  assert.match(await run(["apps", "--all"]), /^brief +stopped +ap-\w+/m);
  const apps = JSON.parse(await run(["apps", "--json"])) as { name: string; state: string }[];
  assert.deepEqual(
    apps.map(({ name, state }) => [name, state]),
    [["site", "DEPLOYED"]],
  );
});

test("two endpoints with one label are refused, in a file and beside what is deployed", async () => {
  const other = SITE.replace('"site"', '"other"');
  const beside = await cli.run(["deploy", await cli.file("other.py", other)]);
  assert.equal(beside.code, 4);
  assert.match(
    beside.stderr,
    /^\S+other\.py:4: other\.page has the label "front" of site\.page; give it another one\.\n$/,
  );
  const twice = `${SITE}
@app.function()
@modal.wsgi_app(label="front")
def again():
    pass
`;
  const within = await cli.run(["deploy", await cli.file("shop.py", twice)]);
  assert.equal(within.code, 4);
  assert.match(within.stderr, /: site\.again has the label "front" of site\.page; give it another one\.\n$/);
  await run(["deploy", await cli.file("shop.py", `${SITE}\n# Deployed again, an app may keep its labels.\n`)]);
});

test("an app that is run may have the labels of a deployed one, at an address of its own", async () => {
  const entry = `
@app.local_entrypoint()
def main():
    print(page.get_web_url())
`;
  const url = (await run(["run", await cli.file("running.py", SITE + entry)])).trim();
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(!deployed.includes(url));
});

test("a function that gets no containers any more is told with its app, and in its stats", async () => {
  await run(["deploy", await cli.file("broken.py", BROKEN)]);
  assert.doesNotMatch(await run(["functions", "broken"]), /no more containers/);
  const { code } = await cli.run(["call", "broken", "work"]);
  assert.notEqual(code, 0);
  const state = /^work gets no more containers for now: 3 in a row could not start .* The next call tries again\.$/m;
  assert.match(await run(["functions", "broken"]), state);
  assert.match(await run(["stats", "broken", "work"]), state);
});
