import type { Message } from "@bufbuild/protobuf";
import type { EngineStatus, Storage } from "../../proto/gen/engine_pb.js";
import { jsonText } from "../json.ts";
import { bytesText, columns, spanText } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint status`: says whether an engine runs, and what it has. */
export async function status(
  { output, localTarget }: Session,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const { address, engine } = await localTarget.running();
  const [engineStatus, storage] = await Promise.all([engine.status(), engine.storage()]);
  if (json) return output.line(jsonText({ url: address.url, ...fields(engineStatus), storage: fields(storage) }));
  await output.line(statusText(engineStatus, storage, address.url));
}

function fields<T extends Message>({ $typeName: _, $unknown: __, ...rest }: T): Omit<T, keyof Message> {
  return rest;
}

function statusText(engine: EngineStatus, storage: Storage, url: string): string {
  const upMs = Date.now() - engine.startedAt * 1_000;
  return columns([
    ["engine", `${engine.version}, process ${engine.pid}, up ${spanText(upMs)}`],
    ["address", url],
    ["data", engine.dataFolder || "in memory"],
    ["size", sizeText(storage)],
    ["limits", limitsText(storage)],
    ["apps", engine.apps.toLocaleString("en")],
    ["function calls", engine.functionCalls.toLocaleString("en")],
    ["unfinished inputs", engine.unfinishedInputs.toLocaleString("en")],
    ["containers", engine.containers.toLocaleString("en")],
  ]).join("\n");
}

function sizeText({ database, payloads, uploads, snapshots, engineLog }: Storage): string {
  const kinds = Object.entries({ database, payloads, uploads, snapshots, "engine log": engineLog });
  const total = kinds.reduce((sum, [, bytes]) => sum + bytes, 0n);
  const parts = kinds.flatMap(([kind, bytes]) => (bytes > 0n ? [`${kind} ${bytesText(Number(bytes))}`] : []));
  return `${bytesText(Number(total))}: ${parts.join(", ")}`;
}

function limitsText({ maxAgeSeconds, maxBytes }: Storage): string {
  const age =
    maxAgeSeconds > 0 ? `finished calls are kept for ${spanText(maxAgeSeconds * 1_000)}` : "finished calls are kept";
  return maxBytes > 0n ? `${age}, up to ${bytesText(Number(maxBytes))}` : age;
}
