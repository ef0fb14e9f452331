import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { hasGroups, killTree, type ProcessSystem } from "../../src/engine/workers/processTree.ts";

/** A system that writes down what it is asked. */
function recording(platform: NodeJS.Platform, { isTaskkillThere = true, isLeaderAlive = true } = {}) {
  const asked: unknown[] = [];
  const system: ProcessSystem = {
    platform,
    windowsFolder: platform === "win32" ? "D:\\Windows" : undefined,
    kill: (pid, signal) => {
      asked.push([pid, signal]);
      if (!isLeaderAlive) throw new Error("ESRCH");
    },
    run: (command, args, onFailure) => {
      asked.push([command, ...args]);
      if (!isTaskkillThere) onFailure();
    },
  };
  return { asked, system };
}

test("on Linux and macOS a container leads a group, which is killed as one", () => {
  for (const platform of ["linux", "darwin"] as const) {
    const { asked, system } = recording(platform);
    assert.equal(hasGroups(system), true);
    killTree(42, system);
    assert.deepEqual(asked, [[-42, "SIGKILL"]]);
  }
});

test("on Windows the tree below a container is ended by Windows' own program, never by one of the current folder", () => {
  const { asked, system } = recording("win32");
  assert.equal(hasGroups(system), false);
  killTree(42, system);
  assert.deepEqual(asked, [["D:\\Windows\\System32\\taskkill.exe", "/PID", "42", "/T", "/F"]]);
});

test("where that program fails, at least the container itself is killed", () => {
  const { asked, system } = recording("win32", { isTaskkillThere: false });
  killTree(42, system);
  assert.deepEqual(asked.at(-1), [42, "SIGKILL"]);
});

test("a process that is gone already is nothing to complain of", () => {
  killTree(42, recording("linux", { isLeaderAlive: false }).system);
  killTree(42, recording("win32", { isTaskkillThere: false, isLeaderAlive: false }).system);
});

test("a real process is ended with what it has started", { skip: process.platform === "win32" }, async () => {
  const leader = spawn("sh", ["-c", "sleep 600 & echo started; wait"], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(leader.stdout, "data");
  assert.ok(leader.pid !== undefined);
  const closed = once(leader, "close"); // Its pipe is open in both, and closed only when both are gone.
  killTree(leader.pid);
  assert.deepEqual(await closed, [null, "SIGKILL"]);
});
