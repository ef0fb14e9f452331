import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EngineHarness } from "./engineHarness.ts";

const source = (secret: string) => `import os, modal

app = modal.App("variables", env={"WORD": ${JSON.stringify(secret)}.replace("-", "")})
WORD = os.environ.get("WORD")

@app.function()
def word():
    return WORD

@app.function(env={"WORD": "another"})
def another():
    return WORD
`;

test("variables are there before the file is imported, in every container of a function, and after a restart", async (t) => {
  const engine = await EngineHarness.start(t);
  await engine.deploy(source("pa-ssword"));
  const words = () => {
    const { functions } = engine.modal();
    const call = (name: string) => functions.fromName("variables", name).remote();
    return Promise.all([call("word"), call("another"), call("word"), call("another")]);
  };
  assert.deepEqual(await words(), ["password", "another", "password", "another"]);
  await engine.end("SIGTERM");
  await engine.restart();
  assert.deepEqual(await words(), ["password", "another", "password", "another"]);
});

test("values are in files of the user alone, and in nothing else that is kept or exported", async (t) => {
  const engine = await EngineHarness.start(t);
  await engine.deploy(source("pa-ssword"));
  const archive = join(engine.folder, "archive.tgz");
  await engine.engine().export({ path: archive });
  await engine.end("SIGTERM");

  const { dataFolder } = engine;
  const kept = await readdir(join(dataFolder, "variables"));
  assert.equal(kept.length, 2);
  assert.equal((await stat(join(dataFolder, "variables", kept[0] ?? ""))).mode & 0o777, 0o600);
  const files = await readdir(dataFolder, { recursive: true, withFileTypes: true });
  const others = files.filter((entry) => entry.isFile() && !entry.parentPath.endsWith("variables"));
  for (const { parentPath, name } of others) {
    assert.ok(!(await readFile(join(parentPath, name), "latin1")).includes("password"), name);
  }
  const unpacked = execFileSync("tar", ["-xzOf", archive], { encoding: "latin1", maxBuffer: 1 << 28 });
  assert.ok(unpacked.includes("variables"));
  assert.ok(!unpacked.includes("password"));
});

test("another value is a new version; a value that no version names is forgotten", async (t) => {
  const engine = await EngineHarness.start(t);
  const deployed = async (value: string) => {
    await engine.write(".env", `WORD=${value}\n`);
    const { apps } = await engine.deploy(`import os, modal
app = modal.App("variables")

@app.function(secrets=[modal.Secret.from_dotenv(__file__)])
def word():
    return os.environ["WORD"]
`);
    return apps[0];
  };
  assert.equal((await deployed("one"))?.unchanged, false);
  assert.equal((await deployed("one"))?.unchanged, true);
  assert.equal((await deployed("two"))?.unchanged, false);
  assert.equal(await engine.modal().functions.fromName("variables", "word").remote(), "two");

  const names = () => readdir(join(engine.dataFolder, "variables"));
  assert.equal((await names()).length, 2);
  await engine.modal().apps.stop((await deployed("two"))?.appId ?? "");
  await engine.engine().clean({ olderThanSeconds: 0 });
  assert.equal((await names()).length, 1, "of a stopped app, the last version's values stay");
});
