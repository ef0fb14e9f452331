// An engine with nothing inside: keeps the promises that starting and finding rely on, so that each can be broken.
// FAKE_ENGINE: "broken" fails on start; a number of milliseconds delays the start.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { create } from "@bufbuild/protobuf";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { DeployFailureSchema, Engine } from "../../src/proto/gen/engine_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { addRpcService } from "../../src/proto/grpc/rpcServer.ts";

const { values } = parseArgs({
  options: { data: { type: "string", default: "" }, json: { type: "boolean" }, "idle-exit": { type: "string" } },
});
const addressPath = join(values.data, "engine.json");
const lockPath = join(values.data, "lock");
const behaviour = process.env.FAKE_ENGINE ?? "0";

if (behaviour === "broken") {
  console.error("The store is full of eels.");
  process.exit(1);
}
takeLock();
await delay(Number(behaviour));

const tokens = { tokenId: "ak-fake", tokenSecret: "as-fake" };
const server = new Server();
addRpcService(
  server,
  Engine,
  {
    getStatus: () => ({ version: "fake", pid: process.pid, dataFolder: values.data, apps: 2 }),
    deploy: ({ path }) => {
      const detail = create(DeployFailureSchema, {
        message: "It does not parse.",
        path,
        line: 7,
        traceback: "SyntaxError",
      });
      throw RpcError.with(RpcStatus.INVALID_ARGUMENT, detail.message, DeployFailureSchema, detail);
    },
    clean: ({ olderThanSeconds }) => ({ functionCalls: olderThanSeconds, bytes: 10n }),
    shutDown: () => {
      setImmediate(() => stop());
      return {};
    },
  },
  (context) => {
    if (context.metadata("x-modal-token-secret") === tokens.tokenSecret) return;
    throw new RpcError(RpcStatus.UNAUTHENTICATED, "Wrong token.");
  },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  const line = JSON.stringify({ url: `http://127.0.0.1:${port}`, ...tokens, pid: process.pid, data: values.data });
  writeFileSync(addressPath, line, { mode: 0o600 });
  console.log(line);
});

function takeLock(): void {
  if (existsSync(lockPath) && !isAlive(Number(readFileSync(lockPath, "utf8")))) rmSync(lockPath);
  try {
    writeFileSync(lockPath, String(process.pid), { flag: "wx" });
  } catch {
    console.error("Another engine holds the folder.");
    process.exit(3);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function stop(): void {
  rmSync(addressPath, { force: true });
  rmSync(lockPath, { force: true });
  server.tryShutdown(() => process.exit(0));
}
