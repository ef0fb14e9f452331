// A server that only answers, in a process of its own: it hands out inputs to one container of Modal's runtime and takes their outputs.
// For each number that the process which forked it sends, it makes that many calls one after another, and tells how long each took, in
// milliseconds. Usage: answeringServer.ts SOCKET_PATH
import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { DataFormat, FunctionCallInvocationType as Invocation, ModalClient } from "../../src/proto/gen/modal_pb.js";
import { addRpcService } from "../../src/proto/grpc/rpcServer.ts";

const HEARTBEAT_MS = 14_500;
/** As CBOR: `((7,), {})`. */
const ARGS = Buffer.from("828107a0", "hex");

/** `fetch`: the container asks for an input; `output`: it hands one in. */
const container = new EventEmitter<{ fetch: [(item: ReturnType<typeof fetched>) => void]; output: [] }>();
/** From its asking on until a call is made. */
let asking = once(container, "fetch");

const server = new Server();
addRpcService(
  server,
  ModalClient,
  {
    containerHello: () => ({}),
    containerHeartbeat: async () => {
      await delay(HEARTBEAT_MS, undefined, { ref: false });
      return {};
    },
    functionGetInputs: async () => ({
      inputs: [await new Promise<ReturnType<typeof fetched>>((hand) => container.emit("fetch", hand))],
    }),
    functionPutOutputs: () => {
      container.emit("output");
      return {};
    },
  },
  () => {},
);
server.bindAsync(`unix:${process.argv[2]}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  process.send?.("ready");
});
process.once("disconnect", () => process.exit());

let made = 0;
process.on("message", async (count: number) => {
  const durationsMs: number[] = [];
  while (durationsMs.length < count) durationsMs.push(await callMs());
  process.send?.(durationsMs);
});

async function callMs(): Promise<number> {
  const startedAt = performance.now();
  const output = once(container, "output");
  const [hand] = await asking;
  asking = once(container, "fetch");
  hand(fetched(++made));
  await output;
  return performance.now() - startedAt;
}

function fetched(number: number) {
  const input = { argsOneof: { case: "args" as const, value: ARGS }, dataFormat: DataFormat.CBOR };
  const ids = { inputId: `in-${number}`, functionCallId: `fc-${number}`, attemptToken: `in-${number}` };
  return { ...ids, input, functionCallInvocationType: Invocation.SYNC };
}
