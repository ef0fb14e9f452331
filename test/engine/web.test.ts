import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { InvalidError } from "../../src/client/index.ts";
import { EngineHarness, until } from "./engineHarness.ts";
import { nextText, open, urlOf } from "./webHarness.ts";

const source = `import asyncio, hashlib, os, time, modal

app = modal.App("web")

async def body_of(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body

async def answer(send, body, status=200, headers=()):
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})

@app.function()
@modal.asgi_app()
def echo():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        print("answering", scope["path"])
        body = await body_of(receive)
        told = [scope["method"], scope["path"], scope["raw_path"].decode(), scope["query_string"].decode(), body.decode()]
        custom = [pair for pair in scope["headers"] if pair[0].startswith(b"x-")]
        cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        length = (b"content-length", str(len("|".join(told))).encode())
        await answer(send, "|".join(told).encode(), 201, [*custom, *cookies, length])
    return asgi

@app.function()
@modal.asgi_app()
def digest():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        body = await body_of(receive)
        await answer(send, body, headers=[(b"x-digest", hashlib.sha256(body).hexdigest().encode())])
    return asgi

@app.function()
@modal.asgi_app()
def talk():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        more = True
        while more:
            message = await receive()
            more = message["more_body"]
            if message["body"]:
                await send({"type": "http.response.body", "body": b"heard " + message["body"], "more_body": True})
        await send({"type": "http.response.body"})
    return asgi

@app.function()
@modal.asgi_app()
def endless():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        path = scope["query_string"].decode()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            open(path, "w").close()
            raise
    return asgi

@app.function()
@modal.asgi_app()
def broken():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        if scope["path"] == "/late":
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
        if scope["path"] != "/silent":
            raise ValueError("the secret reason")
    return asgi

@app.function(timeout=1, startup_timeout=60)
@modal.asgi_app()
def slow():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        await asyncio.sleep(600)
    return asgi

@app.function(max_containers=1)
@modal.asgi_app()
def lively():
    async def asgi(scope, receive, send):
        if scope["type"] == "lifespan":
            assert (await receive())["type"] == "lifespan.startup"
            scope["state"]["greeting"] = "hello"
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            print("shut down")
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await answer(send, scope["state"]["greeting"].encode())
    return asgi

@app.function(max_containers=2)
@modal.asgi_app()
def pair():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        folder = scope["query_string"].decode()
        os.makedirs(folder, exist_ok=True)
        open(os.path.join(folder, str(os.getpid())), "w").close()
        while len(os.listdir(folder)) < 2:
            await asyncio.sleep(0.01)
        await answer(send, str(os.getpid()).encode())
    return asgi

@app.function()
@modal.asgi_app()
def mortal():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        path = scope["query_string"].decode()
        if scope["path"] == "/body":
            await receive()
        if not os.path.exists(path):
            open(path, "w").close()
            os._exit(3)
        await receive()
        await answer(send, b"second life")
    return asgi

@app.function()
@modal.wsgi_app()
def wsgi():
    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("202 Accepted", [("Content-Type", "text/plain"), ("X-Told", environ.get("HTTP_X_TOLD", ""))])
        yield f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['QUERY_STRING']} ".encode()
        yield body
    return app

@app.cls()
class Counter:
    @modal.enter()
    def prepare(self):
        self.count = 40

    @modal.asgi_app(label="the-counter")
    def site(self):
        async def asgi(scope, receive, send):
            assert scope["type"] == "http"
            self.count += 2
            await answer(send, str(self.count).encode())
        return asgi

    @modal.method()
    def current(self):
        return self.count
`;

test("web endpoints", async (t) => {
  const engine = await EngineHarness.start(t);
  const appId = (await engine.deploy(source)).apps[0]?.appId ?? "";

  await t.test("give the app the request as it came, and the client the response as it was sent", async () => {
    const url = await urlOf(engine, "echo");
    const { outgoing, response } = open(`${url}/a%20b%2Fc?x=1&y=%20`, {
      method: "PATCH",
      headers: { "X-Binary": Buffer.from([0xe9, 0xff]).toString("latin1"), "X-Twice": ["1", "2"] },
    });
    outgoing.end(Buffer.from("text")); // As text it would be sent as UTF-8, together with the headers.
    const answer = await response;
    assert.equal(answer.statusCode, 201);
    assert.equal(await nextText(answer), "PATCH|/a b/c|/a%20b%2Fc|x=1&y=%20|text");
    assert.equal(answer.headers["x-binary"], "éÿ");
    assert.equal(answer.headers["x-twice"], "1, 2");
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
  });

  await t.test("answer HEAD without a body, and further requests on the same connection", async () => {
    const url = await urlOf(engine, "echo");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (const method of ["HEAD", "GET", "POST"]) {
      const { outgoing, response } = open(url, { method, agent });
      outgoing.end();
      const answer = await response;
      ports.add(answer.socket.localPort);
      assert.equal(await text(answer), method === "HEAD" ? "" : `${method}|/|/||`);
    }
    agent.destroy();
    assert.equal(ports.size, 1);
  });

  await t.test("carry large bodies both ways", async () => {
    const url = await urlOf(engine, "digest");
    const body = randomBytes(3 * 1024 * 1024 + 1);
    const answer = await fetch(url, { method: "POST", body });
    assert.equal(answer.headers.get("x-digest"), createHash("sha256").update(body).digest("hex"));
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(body));
  });

  await t.test("stream both ways at once", async () => {
    const { outgoing, response } = open(await urlOf(engine, "talk"), { method: "POST" });
    outgoing.flushHeaders();
    const answer = await response;
    assert.equal(answer.headers["content-type"], "text/event-stream");
    for (const word of ["one", "two"]) {
      outgoing.write(word);
      assert.equal(await nextText(answer), `heard ${word}`);
    }
    outgoing.end();
    assert.equal(await nextText(answer), "");
  });

  await t.test("are cancelled when the client goes away", async () => {
    const path = join(engine.folder, "cancelled");
    const { outgoing, response } = open(`${await urlOf(engine, "endless")}/?${path}`);
    outgoing.end();
    assert.equal(await nextText(await response), "begun");
    outgoing.destroy();
    await until("the app is cancelled", () => existsSync(path));
  });

  await t.test("answer 500 without the reason, which is in the log", async () => {
    const startedAt = Date.now();
    const url = await urlOf(engine, "broken");
    const answer = await fetch(url);
    assert.equal(answer.status, 500);
    assert.equal(await answer.text(), "broken failed; its log says why.\n");
    let logged = "";
    for await (const entry of engine.modal().logs.fetch({ appId, since: startedAt })) logged += entry.text;
    assert.match(logged, /ValueError: the secret reason/);
    assert.equal((await fetch(`${url}/silent`)).status, 500);
    await assert.rejects(async () => (await fetch(`${url}/late`)).text(), TypeError);
  });

  await t.test("answer 504 after the function's timeout", async () => {
    assert.equal((await fetch(await urlOf(engine, "slow"))).status, 504);
  });

  await t.test("tell the app when its container starts", async () => {
    assert.equal(await (await fetch(await urlOf(engine, "lively"))).text(), "hello");
  });

  await t.test("run in as many containers as the function has", async () => {
    const url = `${await urlOf(engine, "pair")}/?${join(engine.folder, "pair")}`;
    const pids = await Promise.all([fetch(url), fetch(url)].map(async (answer) => (await answer).text()));
    assert.equal(new Set(pids).size, 2);
  });

  await t.test("run again when their container dies, unless it had read the body", async () => {
    const url = await urlOf(engine, "mortal");
    const first = await fetch(`${url}/?${join(engine.folder, "first")}`, { method: "POST", body: "unread" });
    assert.equal(await first.text(), "second life");
    const second = await fetch(`${url}/body?${join(engine.folder, "second")}`, { method: "POST", body: "read" });
    assert.equal(second.status, 500);
  });

  await t.test("may be WSGI apps", async () => {
    const url = await urlOf(engine, "wsgi");
    const headers = { "X-Told": "told" };
    const answer = await fetch(`${url}/p%20q?z=1`, { method: "POST", body: "x".repeat(200_000), headers });
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get("x-told"), "told");
    assert.equal(await answer.text(), `POST /p q z=1 ${"x".repeat(200_000)}`);
  });

  await t.test("may be methods, beside others that are called", async () => {
    const url = await urlOf(engine, "Counter.site");
    assert.equal(await (await fetch(url)).text(), "42");
    assert.equal(await (await fetch(url)).text(), "44");
    const counter = engine.modal().classes.fromName("web", "Counter").instance();
    assert.equal(await counter.method("current").remote([]), 44);
  });

  await t.test("refuse pages from elsewhere and foreign names, and ignore what they cannot become", async () => {
    const url = await urlOf(engine, "echo");
    const cases = [
      [{ origin: "https://evil.example" }, 403],
      [{ host: "evil.example" }, 421],
      [{ upgrade: "websocket", connection: "upgrade", origin: "https://evil.example" }, 403],
      [{ upgrade: "h2c", connection: "upgrade" }, 201],
    ] as const;
    for (const [headers, status] of cases) {
      const { outgoing, response } = open(url, { headers });
      outgoing.end();
      assert.equal((await response).statusCode, status);
    }
  });

  await t.test("cannot be called", async () => {
    const echo = await engine.modal().functions.fromName("web", "echo");
    await assert.rejects(echo.remote([]), (error: unknown) => {
      return error instanceof InvalidError && error.message.includes("send it HTTP requests at http://127.0.0.1:");
    });
  });
});

test("an endpoint has its URL again after a restart, and what was unfinished is cancelled", async (t) => {
  const engine = await EngineHarness.start(t);
  await engine.deploy(source);
  const url = await urlOf(engine, "endless");
  const { outgoing, response } = open(`${url}/?${join(engine.folder, "cancelled")}`);
  outgoing.end();
  assert.equal(await nextText(await response), "begun");
  await engine.end("SIGKILL");
  await engine.restart();
  assert.equal(await urlOf(engine, "endless"), url);
  assert.equal((await engine.engine().getStatus({})).unfinishedInputs, 0);
  assert.equal((await fetch(await urlOf(engine, "echo"))).status, 201);
});

test("a new version takes over at the same URL, and a stopped app has none", async (t) => {
  const engine = await EngineHarness.start(t);
  const version = (text: string) => `import modal
app = modal.App("web")
@app.function()
@modal.asgi_app()
def site():
    async def asgi(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            open(${JSON.stringify(join(engine.folder, text))}, "w").close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"${text}"})
    return asgi
`;
  await engine.deploy(version("one"));
  const url = await urlOf(engine, "site");
  assert.equal(await (await fetch(url)).text(), "one");
  const { apps } = await engine.deploy(version("two"));
  assert.equal(await (await fetch(url)).text(), "two");
  await until("the old app was told to shut down", () => existsSync(join(engine.folder, "one")));
  await engine.service().appStop({ appId: apps[0]?.appId ?? "" });
  await assert.rejects(fetch(url));
});

test("a web server of the user's own is reached through its function", async (t) => {
  const engine = await EngineHarness.start(t);
  await writeFile(join(engine.folder, "page.txt"), "p".repeat(300_000));
  await engine.deploy(`import subprocess, sys, modal
app = modal.App("web")
@app.function()
@modal.web_server(18417)
def files():
    subprocess.Popen([sys.executable, "-m", "http.server", "18417", "--bind", "127.0.0.1", "-d", ${JSON.stringify(engine.folder)}])

@app.function()
@modal.web_server(18418, startup_timeout=0.2)
def nobody():
    pass
`);
  const url = await urlOf(engine, "files");
  const page = await fetch(`${url}/page.txt`);
  assert.equal(page.headers.get("content-length"), "300000");
  assert.equal(await page.text(), await readFile(join(engine.folder, "page.txt"), "utf8"));
  assert.equal((await fetch(`${url}/page.txt`, { method: "HEAD" })).status, 200);
  assert.equal((await fetch(`${url}/missing`)).status, 404);
  assert.equal((await fetch(`${url}/page.txt`, { method: "POST", body: "x".repeat(70_000) })).status, 501);
  assert.equal((await fetch(await urlOf(engine, "nobody"))).status, 500);
});
