import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE_MS, VersionTemplate } from "../../src/engine/workers/fork/versionTemplate.ts";

/** A version with a template that notes what it is told. */
function versionWithTemplate() {
  const app = { id: "ap-1", name: "app" };
  const version = new VersionTemplate({ app, snapshotPath: "v1.json", python: "python3" });
  const told: string[] = [];
  const template = {
    container: () => Promise.reject(new Error("It forks nothing here.")),
    forkAhead: () => told.push("fork ahead"),
    endSpare: () => told.push("end the spare"),
    close: () => {
      told.push("close");
      version.lost();
    },
  };
  return { version, template, told };
}

test("a template forks ahead when a container is ready, and not before", () => {
  const { version, template, told } = versionWithTemplate();
  version.started();
  version.make();
  version.made(template);
  assert.deepEqual(told, []);
  version.ready();
  assert.deepEqual(told, ["fork ahead"]);
});

test("a template that comes after the first container was ready forks ahead at once", () => {
  const { version, template, told } = versionWithTemplate();
  version.started();
  version.make();
  version.ready();
  version.made(template);
  assert.deepEqual(told, ["fork ahead"]);
});

test("a template without containers is let go after a while, and the next container leaves another", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { version, template, told } = versionWithTemplate();
  version.started();
  version.make();
  version.made(template);
  t.mock.timers.tick(2 * IDLE_MS);
  assert.deepEqual(told, [], "it has a container");
  version.exited();
  t.mock.timers.tick(IDLE_MS - 1);
  version.started();
  t.mock.timers.tick(2 * IDLE_MS);
  assert.deepEqual(told, [], "it has another container");
  version.exited();
  t.mock.timers.tick(IDLE_MS);
  assert.deepEqual(told, ["close"]);
  assert.equal(version.state, "wanted");
  assert.ok(version.unused);
});

test("a superseded template forks nothing ahead, and goes with its last container", () => {
  const { version, template, told } = versionWithTemplate();
  version.started();
  version.started();
  version.make();
  version.made(template);
  version.supersede();
  version.ready();
  version.exited();
  assert.deepEqual(told, ["end the spare"]);
  version.exited();
  assert.deepEqual(told, ["end the spare", "close"]);
  assert.ok(version.unused);
});

test("a template that comes when its version is superseded and has no containers is let go at once", () => {
  const { version, template, told } = versionWithTemplate();
  version.started();
  version.make();
  version.supersede();
  version.exited();
  version.made(template);
  assert.deepEqual(told, ["close"]);
});
