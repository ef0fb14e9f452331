import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { echo } from "./echoMethod.ts";

/** A client of a bare server that runs for it in a process of its own. */
export interface BareServer {
  readonly client: Client;
  unary(request: Buffer): Promise<Buffer>;
  close(): void;
}

/** @param answerBytes what the server answers every request with, or sends as every message of a stream */
export async function startBareServer(answerBytes: number): Promise<BareServer> {
  const server = fork(join(import.meta.dirname, "echoServer.ts"), [String(answerBytes)]);
  const [port] = await once(server, "message");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  const { path, requestSerialize, responseDeserialize } = echo;
  return {
    client,
    unary: (request) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
          answer ? resolve(answer) : reject(error),
        );
      }),
    close: () => {
      client.close();
      server.disconnect();
    },
  };
}
