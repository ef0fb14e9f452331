import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineClient } from "../../src/targets/engineClient.ts";
import { findOrStartEngine } from "../../src/targets/engineProcess.ts";
import { DeployError, NoEngineError } from "../../src/targets/targetError.ts";
import { engineFolder, killed } from "./engineFolder.ts";

test("a deploy failure names file, line and traceback", async (t) => {
  const address = await findOrStartEngine(await engineFolder(t));
  const engine = new EngineClient(address);
  t.after(() => engine.close());
  await assert.rejects(engine.deploy({ path: "/work/app.py", python: "python3" }), (error) => {
    assert.ok(error instanceof DeployError);
    const { message, path, line, traceback } = error;
    assert.deepEqual([message, path, line, traceback], ["It does not parse.", "/work/app.py", 7, "SyntaxError"]);
    return true;
  });
});

test("times cross in seconds", async (t) => {
  const engine = new EngineClient(await findOrStartEngine(await engineFolder(t)));
  t.after(() => engine.close());
  assert.equal((await engine.clean({ olderThanMs: 60_000 })).functionCalls, 60);
});

test("an engine that is gone is said to be gone", async (t) => {
  const address = await findOrStartEngine(await engineFolder(t));
  const engine = new EngineClient(address);
  t.after(() => engine.close());
  await engine.status();
  killed(address.pid);
  await assert.rejects(engine.status({ timeoutMs: 5_000 }), NoEngineError);
});

test("a wrong token is not the engine's", async (t) => {
  const address = await findOrStartEngine(await engineFolder(t));
  const engine = new EngineClient({ ...address, tokenSecret: "as-wrong" });
  t.after(() => engine.close());
  await assert.rejects(engine.status(), NoEngineError);
});
