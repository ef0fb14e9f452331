import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { LogFollow, type LogServer } from "../../src/logs/logFollow.ts";
import type { LogHostMessage } from "../../src/panel/logMessages.ts";
import { LogsHost } from "../../src/panel/logsHost.ts";

const origin = { targetId: "local", environmentName: "", title: "app › square", appId: "ap-1" };

function listen() {
  const posted: LogHostMessage[] = [];
  const asked: string[] = [];
  const actions = { choose: () => asked.push("choose"), save: (text: string) => asked.push(text) };
  return { posted, asked, host: new LogsHost((message) => posted.push(message), actions) };
}

test("nothing is asked of a server while the page is hidden", async () => {
  let connections = 0;
  const follow = new LogFollow(origin, () => {
    connections += 1;
    return new Promise<LogServer>(() => undefined);
  });
  const { posted, host } = listen();
  host.show(follow);
  await setImmediate();
  assert.equal(connections, 0);
  host.receive({ type: "ready" });
  assert.equal(connections, 1);
  assert.deepEqual(posted, [
    { type: "reset", title: "app › square" },
    { type: "status", status: { kind: "following" } },
  ]);
  host.stop();
  host.show(new LogFollow(origin, async () => assert.fail()));
  assert.equal(posted.length, 2);
});

test("a page for which nothing was chosen says so, and asks", () => {
  const { posted, asked, host } = listen();
  host.receive({ type: "ready" });
  assert.deepEqual(posted, [{ type: "reset", title: undefined }]);
  host.receive({ type: "choose" });
  host.receive({ type: "save", text: "lines\n" });
  assert.deepEqual(asked, ["choose", "lines\n"]);
});
