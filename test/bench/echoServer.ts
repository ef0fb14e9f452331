// A bare grpc-js server in a process of its own, which answers every request with so many bytes: the least that a request can
// take. Tells its port to the process that forked it, and ends with it. Usage: echoServer.ts ANSWER_BYTES
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { echo } from "./echoMethod.ts";

const answer = Buffer.alloc(Number(process.argv[2]));
const server = new Server();
server.addService(
  { echo },
  { echo: (_call: unknown, reply: (error: null, bytes: Buffer) => void) => reply(null, answer) },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.(port);
});
process.once("disconnect", () => server.forceShutdown());
