import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { LogFollow, type LogNews, type LogServer, type LogStatus } from "../../src/logs/logFollow.ts";
import type { LogOrigin } from "../../src/logs/logOrigin.ts";
import { EngineHarness, until } from "../engine/engineHarness.ts";

const SOURCE = `import modal
app = modal.App("logs")

@app.function()
def say(word):
    print(word)

@app.function()
def other(word):
    print("other", word)
`;

const PLACE = { targetId: "local", environmentName: "" };

/** Somebody who looks at logs. */
class Reader {
  text = "";
  status: LogStatus | undefined;
  readonly hear = (news: LogNews): void => {
    if (news.type === "status") this.status = news.status;
    else this.text += news.lines.map(({ text }) => text).join("");
  };
}

async function start(t: TestContext) {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const [app] = await modal.apps.list();
  const functions = await modal.apps.layout(app?.appId ?? "");
  const origin: LogOrigin = { ...PLACE, title: "logs", appId: app?.appId ?? "" };
  const say = async (name: string, word: string) => {
    await harness.modal().functions.fromName("logs", name).remote([word]);
  };
  const functionId = functions.find(({ name }) => name === "say")?.functionId;
  return { harness, origin, ofSay: { ...origin, functionId }, say };
}

test("an app's logs are followed until nobody looks, and then from there on", async (t) => {
  const { harness, origin, say } = await start(t);
  const follow = new LogFollow(origin, async () => harness.modal());
  t.after(() => follow.stop());
  const first = new Reader();
  follow.start(first.hear);
  await say("say", "one");
  await until("one is heard", () => first.text === "one\n");
  follow.stop();
  await say("other", "two");
  assert.equal(first.text, "one\n");
  const second = new Reader();
  follow.start(second.hear);
  assert.equal(second.text, "one\n");
  await until("two is heard", () => second.text === "one\nother two\n");
  assert.deepEqual(second.status, { kind: "following" });
});

test("following goes on, without a gap or a repeat, when the engine dies and comes back", async (t) => {
  const { harness, ofSay, say } = await start(t);
  const follow = new LogFollow(ofSay, async () => harness.modal());
  t.after(() => follow.stop());
  const reader = new Reader();
  follow.start(reader.hear);
  await say("say", "before");
  await until("the first is heard", () => reader.text === "before\n");
  await harness.end("SIGKILL");
  await harness.restart();
  await say("other", "unheard");
  await say("say", "after");
  await until("the second is heard", () => reader.text === "before\nafter\n");
});

test("the logs of a call end with it", async (t) => {
  const { harness, origin } = await start(t);
  const call = await harness.modal().functions.fromName("logs", "say").spawn(["called"]);
  await call.get();
  await until("what it printed is stored", async () => (await call.logs.tail()).length > 0);
  const follow = new LogFollow({ ...origin, functionCallId: call.functionCallId }, async () => harness.modal());
  t.after(() => follow.stop());
  const reader = new Reader();
  follow.start(reader.hear);
  await until("it has ended", () => reader.status?.kind === "ended");
  assert.equal(reader.text, "called\n");
});

test("what passes is tried again, and what does not is told once", async () => {
  let asked = 0;
  const refused = Object.assign(new Error("The token was refused."), { name: "AuthError" });
  const connect = async (): Promise<LogServer> => {
    asked += 1;
    throw asked === 1 ? new Error("The server does not answer.") : refused;
  };
  const follow = new LogFollow({ ...PLACE, title: "app", appId: "ap-1" }, connect);
  const statuses: LogStatus[] = [];
  follow.start((news) => news.type === "status" && statuses.push(news.status));
  await until("it is refused", () => statuses.length === 3);
  assert.deepEqual(statuses, [
    { kind: "following" },
    { kind: "problem", message: "The server does not answer.", passes: true },
    { kind: "problem", message: "The token was refused.", passes: false },
  ]);
  follow.stop();
});
