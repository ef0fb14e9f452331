import assert from "node:assert/strict";
import { test } from "node:test";
import { CallWatch } from "../../src/calls/callWatch.ts";
import { pageHtml } from "../../src/panel/html.ts";
import type { HostMessage, PageMessage, RowSelection } from "../../src/panel/messages.ts";
import { PanelHost } from "../../src/panel/panelHost.ts";
import { callRecord } from "../calls/callRecord.ts";
import { FakeServer, output } from "../calls/fakeServer.ts";

const record = callRecord();

const everything: RowSelection = { status: undefined, text: "", order: { by: "index", descending: false } };

function look(number: number, { first = 0, count = 100 } = {}): PageMessage {
  const wanted = { by: "position", selection: everything, first, count, anchor: undefined } as const;
  return { type: "look", number, wanted, opened: undefined };
}

/** A page that keeps what it is sent and can wait for it. */
function page(server: FakeServer) {
  const messages: HostMessage[] = [];
  const asked: string[] = [];
  const waiting = new Set<() => void>();
  const post = (message: HostMessage) => {
    messages.push(structuredClone(message));
    for (const check of waiting) check();
  };
  const host = new PanelHost(new CallWatch(record, server.connect), post, {
    cancel: ({ terminateContainers }) => asked.push(`cancel ${terminateContainers}`),
    openFile: (path, line) => asked.push(`openFile ${path} ${line}`),
    act: (action) => asked.push(action),
    actOnCall: (action, functionCallId) => asked.push(`${action} ${functionCallId}`),
    actOnResult: (action, index) => asked.push(`${action} ${index}`),
  });
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (condition()) resolve();
      };
      waiting.add(check);
      check();
    });
  const rowCount = () => messages.findLast((message) => message.type === "rows")?.window.size ?? 0;
  return { host, messages, asked, until, rowCount };
}

test("sends nothing before the page is ready, then everything, then what is new", async () => {
  const server = new FakeServer(3);
  const { host, messages, until, rowCount } = page(server);
  assert.equal(messages.length, 0);
  host.receive({ type: "ready" });
  host.receive(look(1));
  assert.equal(messages[0]?.type, "reset");
  server.give(output(0, "a"), output(1, "b"));
  await until(() => rowCount() === 2);
  server.give(output(2, "c"));
  await until(() => rowCount() === 3);
  host.stop();
});

test("is silent while hidden and sends everything again to a page that comes back", async () => {
  const server = new FakeServer(2);
  const { host, messages, until, rowCount } = page(server);
  host.receive({ type: "ready" });
  host.receive(look(1));
  server.give(output(0, "a"));
  await until(() => rowCount() === 1);
  host.stop();
  messages.length = 0;
  server.give(output(1, "b"));
  host.receive({ type: "ready" });
  host.receive(look(1));
  assert.equal(messages[0]?.type, "reset");
  assert.equal(rowCount(), 1, "what was known is there at once");
  await until(() => rowCount() === 2);
  host.stop();
});

test("sends the rows that the page looks at, and no others", async () => {
  const server = new FakeServer(10_000);
  server.give(...Array.from({ length: 10_000 }, (_, index) => output(index, index)));
  const { host, messages, until, rowCount } = page(server);
  host.receive({ type: "ready" });
  host.receive(look(1, { first: 500, count: 40 }));
  await until(() => rowCount() === 10_000);
  host.stop();
  const window = messages.findLast((message) => message.type === "rows")?.window;
  assert.deepEqual([window?.first, window?.matching], [500, 10_000]);
  assert.ok(messages.every((message) => message.type !== "rows" || (message.window.rows?.length ?? 0) <= 40));
});

test("answers requests for values, also when there is none", async () => {
  const server = new FakeServer(1);
  const { host, messages, until } = page(server);
  host.receive({ type: "value", index: 0 });
  await until(() => messages.length === 1);
  assert.deepEqual(messages[0], { type: "failed", index: 0, message: "The result is not there yet." });
  server.give(output(0, "text"));
  host.receive({ type: "value", index: 0 });
  await until(() => messages.length === 2);
  assert.deepEqual(messages[1], { type: "value", index: 0, value: { kind: "text", text: "text", length: 4 } });
  host.receive({ type: "part", number: 7, index: 0, part: { of: "text", start: 2, end: 9 } });
  await until(() => messages.length === 3);
  assert.deepEqual(messages[2], { type: "part", number: 7, content: { text: "xt" } });
});

test("passes on what the user asks for", () => {
  const { host, asked } = page(new FakeServer(1));
  host.receive({ type: "cancel", terminateContainers: true });
  host.receive({ type: "act", action: "runAgain" });
  host.receive({ type: "actOnCall", action: "goToDefinition", functionCallId: "fc-2" });
  host.receive({ type: "actOnResult", action: "openInEditor", index: 4 });
  host.receive({ type: "openFile", path: "/a.py", line: 3 });
  assert.deepEqual(asked, ["cancel true", "runAgain", "goToDefinition fc-2", "openInEditor 4", "openFile /a.py 3"]);
});

test("the document lets nothing in but our files", () => {
  const html = pageHtml({
    title: "Page",
    scriptUri: "x:/webview.js",
    styleUri: "x:/webview.css",
    cspSource: "x:",
    language: "en",
    translations: { "</script>": "<b>" },
    nonce: "n0nce",
  });
  const policy = /content="(default-src[^"]*)"/.exec(html)?.[1];
  const ours = "script-src 'nonce-n0nce'; style-src x:; font-src x:";
  assert.equal(policy, `default-src 'none'; ${ours}; img-src blob: data:; media-src blob:`);
  assert.doesNotMatch(html, /style=|unsafe| on\w+=/);
});
