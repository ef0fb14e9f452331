import type { IncomingMessage } from "node:http";

/** A request that no container gets to see. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Endpoints have no password, and run code on this machine. Programs that run here may do so anyway; what must not is a page from
 * elsewhere that this machine's browser shows. Browsers say which page a request is from, and it cannot change that:
 *
 * - a name that leads to loopback (DNS rebinding) is in `Host`;
 * - what a foreign page asks for has its `Origin`, or where that is left out is `cross-site`; only following a link is not refused.
 *
 * Pages that come from this machine may ask for anything, and whether they may read the answer is for the app to say (CORS).
 */
export function refusalOf({ headers, method }: Pick<IncomingMessage, "headers" | "method">): Refusal | undefined {
  if (!isLoopback(`http://${headers.host ?? ""}`)) {
    return { status: 421, text: "This address is for this machine only; write it as http://127.0.0.1 with the port." };
  }
  const from = headers.origin ?? headers.referer;
  const isFollowedLink = method === "GET" && headers["sec-fetch-mode"] === "navigate";
  const isForeign = headers.origin !== undefined || headers["sec-fetch-site"] === "cross-site";
  if (isForeign && !isFollowedLink && !isLoopback(from ?? "")) {
    return { status: 403, text: "Pages from elsewhere cannot use the endpoints of this machine." };
  }
  return undefined;
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return LOOPBACK_NAMES.has(hostname) || hostname.endsWith(".localhost");
}
