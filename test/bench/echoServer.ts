// A bare grpc-js server in a process of its own, which answers every request with so many bytes, or with so many messages of them: the
// least that a request can take. Tells its port to the process that forked it, and ends with it. Usage: echoServer.ts ANSWER_BYTES
import { once } from "node:events";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import { echo, stream } from "./echoMethod.ts";

const answer = Buffer.alloc(Number(process.argv[2]));
const server = new Server({ "grpc.max_receive_message_length": -1 });
server.addService(
  { echo, stream },
  { echo: (_call: unknown, reply: (error: null, bytes: Buffer) => void) => reply(null, answer), stream: sendAll },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.(port);
});
process.once("disconnect", () => server.forceShutdown());

async function sendAll(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
  for (let left = Number(call.request.toString()); left > 0; left--) {
    if (!call.write(answer)) await once(call, "drain");
  }
  call.end();
}
