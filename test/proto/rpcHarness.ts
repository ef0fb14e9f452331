import type { TestContext } from "node:test";
import type { MessageShape } from "@bufbuild/protobuf";
import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { ModalClient, type TaskLogsBatchSchema } from "../../src/proto/gen/modal_pb.js";
import { type RpcClient, rpcClient } from "../../src/proto/grpc/rpcClient.ts";
import { type Authorize, addRpcService, type RpcHandlers } from "../../src/proto/grpc/rpcServer.ts";
import { sendAhead } from "../../src/proto/grpc/sendAhead.ts";

export type TaskLogsBatch = MessageShape<typeof TaskLogsBatchSchema>;

/** A server with some of Modal's methods, and a client of it, over a real socket. */
export async function rpcPair(
  test: TestContext,
  handlers: RpcHandlers<typeof ModalClient>,
  { authorize = () => {}, metadata = {} }: { authorize?: Authorize; metadata?: Record<string, string> } = {},
): Promise<{ client: RpcClient<typeof ModalClient>; server: Server }> {
  const server = new Server({ interceptors: [sendAhead] });
  addRpcService(server, ModalClient, handlers, authorize);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  const channel = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  test.after(() => {
    channel.close();
    server.forceShutdown();
  });
  return { client: rpcClient(ModalClient, channel, () => metadata), server };
}
