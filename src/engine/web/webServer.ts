import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const LOOPBACK = "127.0.0.1";
/** How many ports are tried before any free one will do. */
const NEIGHBOURS = 20;

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** One port of loopback. */
export class WebServer {
  readonly #server: Server;

  /** Listens on a port, or on one of the next where it is taken, or else on any. */
  static async listen(port: number, answer: Answer): Promise<WebServer> {
    const candidates = [...Array.from({ length: NEIGHBOURS }, (_, step) => port + step), 0];
    for (const candidate of candidates) {
      // A body may take as long as it does; what a request may take is for its function's timeout to say.
      const server = createServer({ requestTimeout: 0 }, answer);
      if (await listens(server, candidate)) return new WebServer(server);
    }
    throw new Error("This machine has no free port for a web endpoint; end other programs that listen.");
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
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
