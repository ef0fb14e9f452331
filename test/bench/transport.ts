import { fork } from "node:child_process";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { startBareServer } from "./bareServer.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

const REQUEST = Buffer.alloc(100);
const ROUNDS = 12;
const REQUESTS_A_ROUND = 50;
const WARMING_ROUNDS = 30;

/** Something that can be asked, and answers with as many bytes. */
interface Way {
  readonly ask: () => Promise<unknown>;
  readonly close: () => void;
}

/** Measures a request to a process that does nothing: through grpc-js, beside Node's HTTP/2 and beside a bare socket. In turns. */
export async function measureTransport(): Promise<void> {
  const ways = [await grpcJs(), await http2(), await socket()];
  try {
    const times = ways.map((): number[] => []);
    for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
      for (const [index, { ask }] of ways.entries()) {
        const some = await repeated(REQUESTS_A_ROUND, () => durationMs(ask));
        if (round >= 0) times[index]?.push(...some);
      }
    }
    const [ours = 0, http2Ms = 0, socketMs = 0] = times.map(median);
    report({ name: "bare request through grpc-js, beside Node's HTTP/2", unit: "ms", ours, peer: http2Ms });
    report({ name: "bare request through grpc-js, beside a socket", unit: "ms", ours, peer: socketMs });
  } finally {
    for (const way of ways) way.close();
  }
}

async function grpcJs(): Promise<Way> {
  const server = await startBareServer(REQUEST.length);
  return { ask: () => server.unary(REQUEST), close: server.close };
}

async function http2(): Promise<Way> {
  const { port, stop } = await startPlainServer("http2");
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const ask = async () => {
    const stream = session.request({ ":method": "POST", ":path": "/bench.Bare/Echo" });
    stream.end(REQUEST);
    await buffer(stream);
  };
  return { ask, close: () => session.close(stop) };
}

async function socket(): Promise<Way> {
  const { port, stop } = await startPlainServer("socket");
  const connection = connect(port, "127.0.0.1").setNoDelay();
  const ask = async () => {
    connection.write(REQUEST);
    await once(connection, "data");
  };
  const close = () => {
    connection.destroy();
    stop();
  };
  return { ask, close };
}

async function startPlainServer(kind: string): Promise<{ port: number; stop: () => void }> {
  const server = fork(join(import.meta.dirname, "plainServer.ts"), [kind]);
  const [port] = await once(server, "message");
  return { port: Number(port), stop: () => server.disconnect() };
}
