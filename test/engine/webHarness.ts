import { once } from "node:events";
import { type Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import type { EngineHarness } from "./engineHarness.ts";

/** The URL of a deployed endpoint. */
export async function urlOf(engine: EngineHarness, name: string, app = "web"): Promise<string> {
  const modal = engine.modal();
  const [className, methodName] = name.split(".");
  const found = methodName
    ? modal.classes
        .fromName(app, className ?? "")
        .instance()
        .method(methodName)
    : modal.functions.fromName(app, name);
  await found.hydrate();
  if (!found.webUrl) throw new Error(`${name} has no URL.`);
  return found.webUrl;
}

/** Sends a request whose body the caller writes, and resolves to it and its response. */
export function open(url: string, options: { method?: string; headers?: OutgoingHttpHeaders; agent?: Agent } = {}) {
  const outgoing = request(url, options);
  outgoing.on("error", () => {}); // Of requests that are broken off; the others fail by their response.
  const response = once(outgoing, "response").then(([incoming]) => incoming as IncomingMessage);
  response.catch(() => {});
  return { outgoing, response };
}

/** The next bytes of a response as text. */
export async function nextText(response: IncomingMessage): Promise<string> {
  for (;;) {
    const chunk: Buffer | null = response.read();
    if (chunk) return chunk.toString("latin1");
    if (response.readableEnded) return "";
    await Promise.race([once(response, "readable"), once(response, "end")]);
  }
}
