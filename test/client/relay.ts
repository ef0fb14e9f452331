import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** A place to connect to, in front of a server; a test decides when connections break. */
export class Relay implements AsyncDisposable {
  /** What was connected to it so far. */
  numConnections = 0;
  /** What came first on the last connection. */
  firstBytes = Buffer.alloc(0);
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** Passes everything on to a server at this port. */
  static async to(port: number, listen: ListenOptions = { port: 0, host: "127.0.0.1" }): Promise<Relay> {
    const relay: Relay = new Relay(createServer((socket) => relay.#join(socket, port)));
    return relay.#listen(listen);
  }

  /** Takes connections and never answers. */
  static async silent(): Promise<Relay> {
    const relay: Relay = new Relay(createServer((socket) => relay.#accept(socket)));
    return relay.#listen({ port: 0, host: "127.0.0.1" });
  }

  /** An HTTP proxy, by whose CONNECT every address leads to a server at this port. */
  static async proxy(port: number): Promise<Relay> {
    const server = createHttpServer();
    const relay = new Relay(server);
    server.on("connect", (_request, socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      relay.#join(socket, port);
    });
    return relay.#listen({ port: 0, host: "127.0.0.1" });
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
  }

  async #listen(options: ListenOptions): Promise<Relay> {
    await once(this.#server.listen(options), "listening");
    return this;
  }

  #accept(socket: Socket): void {
    this.numConnections++;
    this.#sockets.add(socket);
    socket.once("data", (bytes) => {
      this.firstBytes = bytes;
    });
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
  }

  #join(socket: Socket, port: number): void {
    this.#accept(socket);
    const onward = connect(port, "127.0.0.1");
    pipeline(socket, onward, socket, () => {});
  }
}

/** A port of this machine at which nothing listens. */
export async function deadPort(): Promise<number> {
  const relay = await Relay.silent();
  const { port } = relay;
  await relay[Symbol.asyncDispose]();
  return port;
}
