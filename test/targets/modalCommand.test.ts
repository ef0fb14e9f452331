import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  checkModalPackage,
  deployCommand,
  runCommand,
  runVariables,
  runWords,
} from "../../src/targets/modalCommand.ts";
import { TargetError } from "../../src/targets/targetError.ts";

const FILE = "/work space/app.py";

test("a profile is deployed to by its name, in the chosen environment", () => {
  assert.deepEqual(
    deployCommand("/usr/bin/python3", FILE, { targetId: "profile:team", environmentName: "dev" }, undefined),
    {
      command: "/usr/bin/python3",
      args: ["-m", "modal", "deploy", "--env", "dev", FILE],
      env: { MODAL_PROFILE: "team" },
    },
  );
});

test("a typed token travels in variables, never in arguments, with the first of its servers", () => {
  const token = { tokenId: "ak-1", tokenSecret: "as-2", url: "https://one.example, https://two.example" };
  const { args, env } = deployCommand("python3", FILE, { targetId: "token:team", environmentName: "" }, token);
  assert.deepEqual(args, ["-m", "modal", "deploy", FILE]);
  assert.deepEqual(env, {
    MODAL_TOKEN_ID: "ak-1",
    MODAL_TOKEN_SECRET: "as-2",
    MODAL_SERVER_URL: "https://one.example",
  });
});

test("the account of the variables needs nothing besides", () => {
  assert.deepEqual(deployCommand("python3", FILE, { targetId: "variables", environmentName: "" }, undefined).env, {});
});

test("an entrypoint is run by its name, with its words", () => {
  const place = { targetId: "profile:team", environmentName: "dev" };
  assert.deepEqual(runCommand("python3", { path: FILE, name: "main", words: ["--count", "a b"] }, place, undefined), {
    command: "python3",
    args: ["-m", "modal", "run", "--env", "dev", `${FILE}::main`, "--count", "a b"],
    env: { MODAL_PROFILE: "team" },
  });
});

test("what is to be run may have no name, and options come before it", () => {
  const only = { path: FILE, name: "", words: [] };
  assert.deepEqual(runWords(["--detach", "--write-result", "/tmp/a b"], only), [
    ...["-m", "modal", "run", "--detach", "--write-result", "/tmp/a b"],
    FILE,
  ]);
});

test("a run on the engine finds it by variables alone, whatever profile the user has", () => {
  const token = { tokenId: "ak-1", tokenSecret: "as-2", url: "http://127.0.0.1:20123" };
  assert.deepEqual(runVariables(token, "dev"), {
    MODAL_TOKEN_ID: "ak-1",
    MODAL_TOKEN_SECRET: "as-2",
    MODAL_SERVER_URL: "http://127.0.0.1:20123",
    MODAL_ENVIRONMENT: "dev",
  });
});

test("an interpreter without Modal's package is told, with what to do", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-python-"));
  t.after(() => rm(folder, { recursive: true }));
  const interpreter = async (exitCode: number) => {
    const path = join(folder, `python${exitCode}`);
    await writeFile(path, `#!/bin/sh\nexit ${exitCode}\n`);
    await chmod(path, 0o755);
    return path;
  };
  await checkModalPackage(await interpreter(0));
  const without = await interpreter(3);
  await assert.rejects(checkModalPackage(without), (error: unknown) => {
    return error instanceof TargetError && error.message.includes(`"${without} -m pip install modal"`);
  });
});
