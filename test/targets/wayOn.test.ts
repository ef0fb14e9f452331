import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../src/client/index.ts";
import { EngineStartError, InterpreterError, NoEngineError } from "../../src/targets/targetError.ts";
import { wayOn } from "../../src/targets/wayOn.ts";

test("each error that has a way on is known by the name that its class has", () => {
  const commands = [AuthError, NoEngineError, EngineStartError, InterpreterError].map(
    (ErrorClass) => wayOn(new ErrorClass("").name)?.command,
  );
  assert.deepEqual(commands, [
    "spawnpoint.signIn",
    "spawnpoint.showEngineLog",
    "spawnpoint.showEngineLog",
    "spawnpoint.selectInterpreter",
  ]);
  assert.equal(wayOn("ConnectionError"), undefined);
});
