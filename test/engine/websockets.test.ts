import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { EngineHarness, until } from "./engineHarness.ts";
import { open, urlOf } from "./webHarness.ts";

const source = (folder: string) => `import asyncio, os, modal

app = modal.App("web")
FOLDER = ${JSON.stringify(folder)}

@app.function()
@modal.asgi_app()
def site():
    async def asgi(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": b"by HTTP"})
            return
        assert scope["type"] == "websocket"
        assert (await receive())["type"] == "websocket.connect"
        await {"/echo": echo, "/closed": closed, "/refused": refused, "/broken": broken, "/silent": silent,
               "/endless": endless, "/mortal": mortal}[scope["path"]](scope, receive, send)
    return asgi

async def echo(scope, receive, send):
    told = [scope["scheme"], scope["query_string"].decode(), ",".join(scope["subprotocols"])]
    await send({"type": "websocket.accept", "subprotocol": (scope["subprotocols"] or [None])[-1],
                "headers": [(b"x-told", "|".join(told).encode())]})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            with open(os.path.join(FOLDER, "disconnected"), "w") as file:
                file.write(f"{message['code']} {message['reason']}")
            return
        data = {"bytes": bytes(message["bytes"])} if message.get("bytes") is not None else {"text": message["text"]}
        await send({"type": "websocket.send", **data})

async def closed(scope, receive, send):
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": "bye"})
    await send({"type": "websocket.close", "code": 4001, "reason": "enough"})

async def refused(scope, receive, send):
    await send({"type": "websocket.close"})

async def broken(scope, receive, send):
    await send({"type": "websocket.accept"})
    raise ValueError("the secret reason")

async def silent(scope, receive, send):
    pass

async def endless(scope, receive, send):
    await send({"type": "websocket.accept"})
    try:
        while True:
            await send({"type": "websocket.send", "text": "tick"})
            await asyncio.sleep(0.01)
    except OSError:
        open(os.path.join(FOLDER, "told"), "w").close()

async def mortal(scope, receive, send):
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": "alive"})
    await receive()
    os._exit(3)
`;

interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A websocket of a program on this machine, with what came over it. */
class Client {
  readonly socket: WebSocket;
  readonly messages: (string | ArrayBuffer)[] = [];
  readonly ending: Promise<Ending>;

  constructor(url: string, protocols: string[] = []) {
    this.socket = new WebSocket(url.replace("http:", "ws:"), protocols);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("message", ({ data }) => this.messages.push(data));
    this.socket.addEventListener("error", () => {}); // `close` comes too.
    this.ending = new Promise((resolve) => {
      this.socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
  }

  async opened(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }
}

async function deployed(t: TestContext): Promise<{ engine: EngineHarness; url: string }> {
  const engine = await EngineHarness.start(t);
  await engine.deploy(source(engine.folder));
  return { engine, url: await urlOf(engine, "site") };
}

test("websockets of an ASGI app", async (t) => {
  const { engine, url } = await deployed(t);

  await t.test("carry texts and bytes both ways, in their order, and tell the app how they end", async () => {
    const client = await new Client(`${url}/echo?x=1`).opened();
    const large = "é".repeat(200_000);
    const count = 300;
    for (let index = 0; index < count; index++) client.socket.send(`${index}`);
    client.socket.send(new Uint8Array([0, 255, 1]));
    client.socket.send(large);
    await until("everything came back", () => client.messages.length === count + 2);
    assert.deepEqual(
      client.messages.slice(0, count),
      Array.from({ length: count }, (_, index) => `${index}`),
    );
    const bytes = client.messages[count];
    assert.ok(bytes instanceof ArrayBuffer);
    assert.deepEqual([...new Uint8Array(bytes)], [0, 255, 1]);
    assert.equal(client.messages[count + 1], large);
    client.socket.close(4000, "done");
    assert.equal((await client.ending).code, 4000);
    const path = join(engine.folder, "disconnected");
    await until("the app is told", async () => existsSync(path) && (await readFile(path, "utf8")) === "4000 done");
  });

  await t.test("have the subprotocol and the headers that the app chooses", async () => {
    const client = await new Client(`${url}/echo`, ["first", "second"]).opened();
    assert.equal(client.socket.protocol, "second");
    client.socket.close();
    await client.ending;
    const { headers, socket } = await handshake(`${url}/echo?y=2`, { "sec-websocket-protocol": "a, b" });
    assert.equal(headers["x-told"], "ws|y=2|a,b");
    assert.equal(headers["sec-websocket-protocol"], "b");
    socket.destroy();
  });

  await t.test("are closed by the app with its code and reason", async () => {
    const client = new Client(`${url}/closed`);
    assert.deepEqual(await client.ending, { code: 4001, reason: "enough" });
    assert.deepEqual(client.messages, ["bye"]);
  });

  await t.test("are refused by the app before they begin", async () => {
    assert.equal(await refusal(`${url}/refused`), 403);
    assert.equal(await refusal(`${url}/silent`), 500);
    assert.equal(await refusal(`${url}/echo`, { origin: "https://evil.example" }), 403);
  });

  await t.test("end with 1011 when the app fails, or its container", async () => {
    assert.equal((await new Client(`${url}/broken`).ending).code, 1011);
    const client = await new Client(`${url}/mortal`).opened();
    await until("it lives", () => client.messages.length === 1);
    client.socket.send("die");
    assert.equal((await client.ending).code, 1011);
  });

  await t.test("whose client is gone are told by sending too", async () => {
    const client = await new Client(`${url}/endless`).opened();
    await until("something came", () => client.messages.length > 0);
    client.socket.close();
    await until("the app is told", () => existsSync(join(engine.folder, "told")));
  });

  await t.test("leave requests at the same address as they are", async () => {
    assert.equal(await (await fetch(url)).text(), "by HTTP");
  });
});

test("a protocol of the user's own server goes through as it is", async (t) => {
  const engine = await EngineHarness.start(t);
  await engine.deploy(`import socketserver, threading, modal
app = modal.App("web")

class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if not line:
            return
        headers = {}
        while (header := self.rfile.readline().strip()):
            name, _, value = header.partition(b":")
            headers[name.lower()] = value.strip()
        if headers.get(b"upgrade") != b"shout":
            self.wfile.write(b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
            return
        self.wfile.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: shout\\r\\nConnection: Upgrade\\r\\nX-Line: %s\\r\\n\\r\\n" % line.strip())
        while (data := self.rfile.read1(65536)):
            self.connection.sendall(data.upper())
            if b"enough" in data:
                return

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

@app.function()
@modal.web_server(18419)
def server():
    listening = Server(("127.0.0.1", 18419), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
`);
  const url = await urlOf(engine, "server");
  const { headers, socket } = await handshake(`${url}/a%20b?c`, { upgrade: "shout" });
  assert.equal(headers["x-line"], "GET /a%20b?c HTTP/1.1");
  let heard = "";
  socket.on("data", (chunk: Buffer) => {
    heard += chunk.toString("latin1");
  });
  const large = "x".repeat(300_000);
  socket.write(large);
  await until("all is back", () => heard === large.toUpperCase());
  socket.write("enough");
  await until("the rest is back, too", () => heard.endsWith("ENOUGH"));
  await until("the server's end is the client's", () => socket.readableEnded);
  assert.equal(await refusal(url), 404);
});

/** Asks for an upgrade, which is granted. */
async function handshake(url: string, headers: Record<string, string>) {
  const outgoing = request(url, { headers: { ...UPGRADE, ...headers } });
  outgoing.end();
  outgoing.once("response", ({ statusCode }) => outgoing.destroy(new Error(`The upgrade was refused: ${statusCode}.`)));
  const [response, socket] = await once(outgoing, "upgrade");
  return { headers: response.headers as Record<string, string>, socket: socket as Socket };
}

/** Asks for an upgrade, which is refused with this status. */
async function refusal(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { outgoing, response } = open(url, { headers: { ...UPGRADE, ...headers } });
  outgoing.end();
  return (await response).statusCode;
}

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};
