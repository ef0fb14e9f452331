import { chmodSync } from "node:fs";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ModalClient } from "../../../proto/gen/modal_pb.js";
import { addRpcService, type RpcHandlers } from "../../../proto/grpc/rpcServer.ts";
import { absentMethods } from "../../service/absentMethods.ts";
import { SERVER_OPTIONS } from "../../service/server.ts";

/** The server of one container, which needs no token: nobody else reaches its socket. */
export class ContainerServer {
  readonly #server: Server;
  readonly #path: string;

  /** @param path of the socket, in a folder of the user alone */
  constructor(path: string, handlers: RpcHandlers<typeof ModalClient>) {
    this.#path = path;
    this.#server = new Server(SERVER_OPTIONS);
    addRpcService(this.#server, ModalClient, handlers, () => {}, absentMethods);
  }

  /** @throws when there can be no socket at its path */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(`unix:${this.#path}`, ServerCredentials.createInsecure(), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    chmodSync(this.#path, 0o600);
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
