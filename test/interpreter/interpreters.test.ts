import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type * as vscode from "vscode";
import { type InterpreterSource, Interpreters } from "../../src/interpreter/interpreters.ts";
import { resolveInterpreter } from "../../src/targets/interpreter.ts";

const folder = import.meta.dirname;
const python = await resolveInterpreter({ folder });

/** As much of a `Uri` as is looked at. */
function fileUri(path: string): vscode.Uri {
  return { fsPath: path, toString: () => `file://${path}` } as vscode.Uri;
}

class FakeSource implements InterpreterSource {
  readonly name: string;
  answer: string | undefined;
  failure: Error | undefined;
  asked = 0;
  changed = () => {};

  constructor(name: string, answer?: string) {
    this.name = name;
    this.answer = answer;
  }

  async find(): Promise<string | undefined> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return this.answer;
  }

  onChange(listener: () => void): vscode.Disposable {
    this.changed = listener;
    return { dispose: () => (this.changed = () => {}) };
  }
}

const file = fileUri(join(folder, "app.py"));

test("the first source that names an interpreter is heard, once for a file", async () => {
  const sources = [new FakeSource("a setting"), new FakeSource("an extension", python.path), new FakeSource("another")];
  const interpreters = new Interpreters(sources);
  const [first, second] = [await interpreters.of(file), await interpreters.of(file)];
  assert.equal(first.source, "an extension");
  assert.equal(first.version, python.version);
  assert.deepEqual(second, first);
  assert.deepEqual(
    sources.map(({ asked }) => asked),
    [1, 1, 0],
  );
});

test("without a source that answers, it is what a terminal in that folder would use", async () => {
  const interpreters = new Interpreters([new FakeSource("a setting")]);
  assert.deepEqual(await interpreters.of(file), python);
});

test("a change of a source is told, and sources are asked again", async () => {
  const source = new FakeSource("a setting");
  const interpreters = new Interpreters([source]);
  await interpreters.of(file);
  let told = 0;
  const stop = interpreters.onChange(() => told++);
  source.answer = python.path;
  source.changed();
  assert.equal(told, 1);
  assert.equal((await interpreters.of(file)).source, "a setting");
  stop();
  source.changed();
  assert.equal(told, 1);
});

test("what was chosen and cannot be run is the error, and a failure is not kept", async () => {
  const source = new FakeSource("a setting", "/nowhere/python");
  const interpreters = new Interpreters([source]);
  await assert.rejects(interpreters.of(file), /The Python \/nowhere\/python \(from a setting\) cannot be run/);
  source.changed();
  source.failure = new Error("It broke.");
  await assert.rejects(interpreters.of(file), /It broke/);
  source.failure = undefined;
  source.answer = python.path;
  assert.equal((await interpreters.of(file)).source, "a setting");
});

test("nothing is heard after the end", async () => {
  const source = new FakeSource("a setting");
  const interpreters = new Interpreters([source]);
  interpreters.onChange(() => assert.fail("it was told"));
  interpreters.dispose();
  source.changed();
});
