import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type * as vscode from "vscode";
import { WhileVisible } from "../../src/explorer/whileVisible.ts";

/** A view that a test shows and hides. */
class FakeView {
  visible = true;
  #listener: () => void = () => {};

  onDidChangeVisibility = (listener: () => void) => {
    this.#listener = listener;
    return { dispose: () => {} };
  };

  show(visible: boolean): void {
    this.visible = visible;
    this.#listener();
  }
}

test("work is repeated while the view is visible, and no timer runs while it is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const view = new FakeView();
  let times = 0;
  const work = async () => void times++;
  const repeated = new WhileVisible(view as unknown as vscode.TreeView<unknown>, 1_000, work);
  const pass = async (pauses: number) => {
    for (let pause = 0; pause < pauses; pause++) {
      t.mock.timers.tick(1_000);
      await turn();
    }
  };
  repeated.schedule();
  await pass(3);
  assert.equal(times, 3);
  view.show(false);
  await pass(10);
  assert.equal(times, 3);
  view.show(true);
  await pass(2);
  assert.equal(times, 5);
  repeated.dispose();
  await pass(10);
  assert.equal(times, 5);
});

test("work that takes long is not done twice at a time, nor begun anew for a view that was hidden meanwhile", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const view = new FakeView();
  const waiting: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => waiting.push(resolve));
  const repeated = new WhileVisible(view as unknown as vscode.TreeView<unknown>, 1_000, work);
  repeated.schedule();
  t.mock.timers.tick(1_000);
  repeated.schedule();
  t.mock.timers.tick(10_000);
  assert.equal(waiting.length, 1);
  view.show(false);
  waiting[0]?.();
  await turn();
  t.mock.timers.tick(10_000);
  assert.equal(waiting.length, 1);
});
