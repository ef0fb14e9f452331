import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

const LOOPBACK = "127.0.0.1";
/** How many ports are tried before any free one will do. */
const NEIGHBOURS = 20;

/** @param head where the client wants the connection to become another one: what it has sent after the request already */
export type Answer = (request: IncomingMessage, response: ServerResponse, head?: Buffer) => void;

/** One port of loopback. */
export class WebServer {
  readonly #server: Server;
  /** Connections that the server no longer counts. */
  readonly #upgraded: ReadonlySet<Socket>;

  /** Listens on a port, or on one of the next where it is taken, or else on any. */
  static async listen(port: number, answer: Answer): Promise<WebServer> {
    const candidates = [...Array.from({ length: NEIGHBOURS }, (_, step) => port + step), 0];
    for (const candidate of candidates) {
      // A body may take as long as it does; what a request may take is for its function's timeout to say.
      const server = createServer({ requestTimeout: 0 }, (request, response) => answer(request, response));
      const upgraded = new Set<Socket>();
      server.on("upgrade", (request, _socket, head) => {
        upgraded.add(request.socket);
        request.socket.once("close", () => upgraded.delete(request.socket));
        answer(request, responseTo(request), head);
      });
      if (await listens(server, candidate)) return new WebServer(server, upgraded);
    }
    throw new Error("This machine has no free port for a web endpoint; end other programs that listen.");
  }

  private constructor(server: Server, upgraded: ReadonlySet<Socket>) {
    this.#server = server;
    this.#upgraded = upgraded;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
  }
}

/** Node makes none for a request that wants an upgrade. */
function responseTo(request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  request.socket.on("error", () => {}); // `close` comes too.
  response.assignSocket(request.socket);
  response.shouldKeepAlive = false;
  response.once("finish", () => request.socket.end());
  return response;
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => resolve(true));
  });
}
