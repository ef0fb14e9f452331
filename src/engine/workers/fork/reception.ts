import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";

/** What a process of ours says first on a connection. */
export interface Arrival {
  readonly socket: Socket;
  /** What the connection is for: `template`, or a stream of a container. */
  readonly stream: string;
  readonly pid: number;
}

const MAX_HELLO_BYTES = 1_000;
const NEWLINE = 0x0a;

/** A socket in the engine's own folder, where processes report that the engine did not start itself. */
export class Reception {
  readonly path: string;
  readonly #server: Server;
  readonly #expected = new Map<string, (arrival: Arrival) => void>();

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    server.on("connection", (socket) => this.#receive(socket));
    server.unref();
  }

  /** @throws when the system has no such sockets, or not at this path */
  static async open(path: string): Promise<Reception> {
    rmSync(path, { force: true }); // Of an engine that was killed: whoever has the folder is the only one.
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    return new Reception(path, server);
  }

  /** Makes a token; whoever shows it is passed on, until it is forgotten. */
  expect(onArrival: (arrival: Arrival) => void): string {
    const token = randomBytes(16).toString("hex");
    this.#expected.set(token, onArrival);
    return token;
  }

  forget(token: string): void {
    this.#expected.delete(token);
  }

  close(): void {
    this.#expected.clear();
    this.#server.close();
  }

  #receive(socket: Socket): void {
    let hello = Buffer.alloc(0);
    socket.on("error", () => {}); // `close` comes too.
    const read = () => {
      const chunk: Buffer | null = socket.read();
      if (!chunk) return;
      hello = Buffer.concat([hello, chunk]);
      const end = hello.indexOf(NEWLINE);
      if (end < 0 && hello.length < MAX_HELLO_BYTES) return;
      socket.off("readable", read);
      if (end + 1 < hello.length) socket.unshift(hello.subarray(end + 1));
      this.#passOn(socket, hello.toString("utf8", 0, Math.max(end, 0)));
    };
    socket.on("readable", read);
  }

  #passOn(socket: Socket, line: string): void {
    try {
      const { token, stream, pid } = JSON.parse(line);
      const onArrival = this.#expected.get(token);
      if (onArrival) onArrival({ socket, stream: String(stream), pid: Number(pid) });
      else socket.destroy();
    } catch {
      socket.destroy(); // Not one of ours.
    }
  }
}
