import type { EngineStatus } from "../../proto/gen/engine_pb.js";
import { jsonText } from "../json.ts";
import { columns, spanText } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint status`: says whether an engine runs, and what it has. */
export async function status(
  { output, localTarget }: Session,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const { address, engine } = await localTarget.running();
  const { $typeName: _, $unknown: __, ...engineStatus } = await engine.status();
  if (json) return output.line(jsonText({ url: address.url, ...engineStatus }));
  await output.line(statusText(engineStatus, address.url));
}

function statusText(engine: Omit<EngineStatus, "$typeName">, url: string): string {
  const upMs = Date.now() - engine.startedAt * 1_000;
  return columns([
    ["engine", `${engine.version}, process ${engine.pid}, up ${spanText(upMs)}`],
    ["address", url],
    ["data", engine.dataFolder || "in memory"],
    ["apps", engine.apps.toLocaleString("en")],
    ["function calls", engine.functionCalls.toLocaleString("en")],
    ["unfinished inputs", engine.unfinishedInputs.toLocaleString("en")],
    ["containers", engine.containers.toLocaleString("en")],
  ]).join("\n");
}
