import assert from "node:assert/strict";
import { test } from "node:test";
import { ExitCode } from "../../src/cli/exitCode.ts";
import { exitCodeOf, failureText } from "../../src/cli/failure.ts";
import { RemoteError } from "../../src/client/index.ts";
import { DeployError } from "../../src/targets/targetError.ts";

const place = { path: "/home/me/app.py", line: 4, traceback: "SyntaxError: invalid syntax\n" };

test("a failed deploy names its place once, in the form that editors read", () => {
  const error = new DeployError("app.py, line 4: SyntaxError: invalid syntax.", place);
  assert.equal(
    failureText(error, false),
    "SyntaxError: invalid syntax\n/home/me/app.py:4: SyntaxError: invalid syntax.",
  );
  assert.equal(exitCodeOf(error), ExitCode.deployFailed);
});

test("what the function raised is told as such, and what the engine says as it is", () => {
  const failure = (exception: string) => failureText(new RemoteError(exception, exception, ""), false);
  assert.equal(failure("KeyError('x')"), "The function raised KeyError('x').");
  assert.equal(failure("The container could not start."), "The container could not start.");
});

test("a failed deploy without a place is the sentence alone", () => {
  const error = new DeployError("There is no app in app.py.", { path: "/home/me/app.py", line: 0, traceback: "" });
  assert.equal(failureText(error, false), "There is no app in app.py.");
});
