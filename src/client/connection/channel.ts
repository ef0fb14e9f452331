import { Client, type ClientOptions, credentials } from "@grpc/grpc-js";
import { InvalidError } from "../errors.ts";

const MIB = 1024 * 1024;

/** Limits, window and keepalive of Modal's own SDKs. */
const CHANNEL_OPTIONS: ClientOptions = {
  "grpc.max_receive_message_length": 100 * MIB,
  "grpc.max_send_message_length": 100 * MIB,
  "grpc-node.flow_control_window": 64 * MIB,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  // The pauses of Modal's Python SDK.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000,
  // Statistics about channels, which nobody asks for and every request would pay for.
  "grpc.enable_channelz": 0,
  // Channels that share sockets would outlive the close of their client.
  "grpc.use_local_subchannel_pool": 1,
};

/**
 * The longest pause between attempts to connect to this machine, which cost nothing. Within such a pause every request fails, so it
 * must be shorter than a request's own retries: otherwise a server that is back would still be out of reach.
 */
const MAX_LOCAL_PAUSE_MS = 250;

/** A server's address, as grpc-js wants it. */
interface Target {
  readonly address: string;
  readonly isSecure: boolean;
  /** Whether it is on this machine, which a proxy from the environment cannot reach. */
  readonly isLocal: boolean;
}

/**
 * The servers that a comma list of URLs names.
 *
 * @throws InvalidError when there is none, or one cannot be used
 */
export function serverUrls(list: string): readonly [string, ...string[]] {
  const [first = "", ...others] = list.split(",").map((url) => url.trim());
  for (const url of [first, ...others]) target(url);
  return [first, ...others];
}

/** A channel to one server. It connects with its first request. */
export function openChannel(url: string, useProxy: boolean): Client {
  const { address, isSecure, isLocal } = target(url);
  return new Client(address, isSecure ? credentials.createSsl() : credentials.createInsecure(), {
    ...CHANNEL_OPTIONS,
    ...(isLocal && { "grpc.max_reconnect_backoff_ms": MAX_LOCAL_PAUSE_MS }),
    "grpc.enable_http_proxy": useProxy && !isLocal ? 1 : 0,
  });
}

function target(url: string): Target {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  switch (parsed?.protocol) {
    case "unix:":
      return { address: `unix:${decodeURIComponent(parsed.pathname)}`, isSecure: false, isLocal: true };
    case "http:":
    case "https:": {
      const isSecure = parsed.protocol === "https:";
      return {
        address: `dns:${parsed.hostname}:${parsed.port || (isSecure ? "443" : "80")}`,
        isSecure,
        isLocal: /^(127\.|localhost$|\[::1\]$)/.test(parsed.hostname),
      };
    }
    default:
      throw new InvalidError(
        `"${url}" is not the URL of a server; use the form https://host, http://127.0.0.1:port or unix:///path.`,
      );
  }
}
