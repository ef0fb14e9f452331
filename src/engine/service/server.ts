import { randomInt, timingSafeEqual } from "node:crypto";
import { rmSync } from "node:fs";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import { Engine } from "../../proto/gen/engine_pb.js";
import { ModalClient } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { type Authorize, addRpcService, type RpcContext, type RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import { sendAhead } from "../../proto/grpc/sendAhead.ts";
import type { Credentials } from "../announcement.ts";
import { absentMethods } from "./absentMethods.ts";

const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
const FLOW_CONTROL_WINDOW_BYTES = 64 * 1024 * 1024;
/** gRPC's options of every server of the engine. */
export const SERVER_OPTIONS = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW_BYTES,
  interceptors: [sendAhead],
  "grpc.enable_channelz": 0, // Statistics, which nobody asks for and every request would pay for.
};
/** Nothing outside of this machine may reach the engine: it runs code. */
const LOOPBACK = "127.0.0.1";
const FIRST_OWN_PORT = 20_000;
const LAST_OWN_PORT = 32_000;
const PORTS_TO_TRY = 10;
/** What macOS allows; Linux has four bytes more. */
const LONGEST_SOCKET_PATH = 103;

export interface Services {
  readonly modal: RpcHandlers<typeof ModalClient>;
  readonly engine: RpcHandlers<typeof Engine>;
}

/**
 * Serves both services on loopback, and on a socket file where that can be had.
 *
 * @param credentialsOf what whoever has this token id must have
 * @param port the port to take; for 0, or one that somebody else has when `portIsPreferred`, a free one
 */
export async function serve(
  services: Services,
  credentialsOf: (tokenId: string) => Credentials,
  port: number,
  { portIsPreferred, socketPath, onCall }: { portIsPreferred: boolean; socketPath?: string; onCall: () => void },
): Promise<{ port: number; socketPath: string | undefined; close(): void }> {
  const authorize: Authorize = (context) => {
    checkToken(context, credentialsOf);
    onCall();
  };
  setLogVerbosity(logVerbosity.NONE); // What goes wrong comes back as an error; said twice, it would be noise.
  const server = new Server(SERVER_OPTIONS);
  addRpcService(server, ModalClient, services.modal, authorize, absentMethods);
  addRpcService(server, Engine, services.engine, authorize);
  const others = portIsPreferred || port === 0 ? [...ownPorts(), 0] : [];
  const bound = await bindFirst(server, [...(port === 0 ? [] : [port]), ...others]).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The port ${port} cannot be used (${reason}); choose another or leave --port out.`, {
      cause: error,
    });
  });
  const hasSocket = socketPath !== undefined && (await bindSocket(server, socketPath));
  return { port: bound, socketPath: hasSocket ? socketPath : undefined, close: () => server.forceShutdown() };
}

/** Takes the first port that is free. */
async function bindFirst(server: Server, [port = 0, ...others]: readonly number[]): Promise<number> {
  try {
    return await bind(server, `${LOOPBACK}:${port}`);
  } catch (error) {
    if (others.length === 0) throw error;
    return bindFirst(server, others);
  }
}

/**
 * Some ports below those that systems give to outgoing connections (Linux from 32768, others from 49152): one of these could sit on
 * the engine's port just when it comes back to its clients.
 */
function ownPorts(): number[] {
  return Array.from({ length: PORTS_TO_TRY }, () => randomInt(FIRST_OWN_PORT, LAST_OWN_PORT + 1));
}

/** False where the system has no such files, or not in that place: then the port is there. */
async function bindSocket(server: Server, path: string): Promise<boolean> {
  if (process.platform === "win32" || Buffer.byteLength(path) > LONGEST_SOCKET_PATH) return false;
  try {
    rmSync(path, { force: true }); // Of an engine that was killed: whoever has the folder is the only one.
    await bind(server, `unix:${path}`);
    return true;
  } catch {
    return false;
  }
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}

function checkToken(context: RpcContext, credentialsOf: (tokenId: string) => Credentials): void {
  const id = context.metadata("x-modal-token-id") ?? "";
  const { tokenId, tokenSecret } = credentialsOf(id);
  const secret = context.metadata("x-modal-token-secret") ?? "";
  // Both are compared whatever the first one says, in a time that does not depend on where they differ.
  const idMatches = same(id, tokenId);
  const secretMatches = same(secret, tokenSecret);
  if (idMatches && secretMatches) return;
  throw new RpcError(
    RpcStatus.UNAUTHENTICATED,
    "The token was refused; use the token id and secret that the engine printed when it started.",
  );
}

function same(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
