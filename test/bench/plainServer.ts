// A server without gRPC in a process of its own, which answers with what it was asked. Tells its port to the process that forked it, and
// ends with it. Usage: plainServer.ts http2|socket
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { buffer } from "node:stream/consumers";

const server: Server = process.argv[2] === "http2" ? http2Server() : socketServer();
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit());

function http2Server(): Server {
  return createHttp2Server().on("stream", async (stream) => {
    const request = await buffer(stream);
    stream.respond({ ":status": 200 });
    stream.end(request);
  });
}

function socketServer(): Server {
  return createServer((socket) => socket.setNoDelay().pipe(socket));
}
