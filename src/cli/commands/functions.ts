import { toJson } from "@bufbuild/protobuf";
import { DeployedAppSchema } from "../../proto/gen/engine_pb.js";
import { functionLines, notAppliedLines, startFailureLines } from "../appText.ts";
import { jsonText } from "../json.ts";
import type { Session } from "../session.ts";

/** `spawnpoint functions APP`: lists the functions of an app, with web addresses, those that cannot start, schedules and what else is not applied. */
export async function functions(
  { output, localTarget }: Session,
  app: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const modal = await localTarget.modal();
  const { appId } = await modal.apps.lookup(app);
  const engine = await localTarget.engine();
  const found = await engine.app(appId);
  if (json) return output.line(jsonText(toJson(DeployedAppSchema, found)));
  const lines = functionLines(found.functions).map((line) => line.trimStart());
  if (found.modalVersion) lines.push(`Runtime: Modal ${found.modalVersion}`);
  await output.line([...lines, ...startFailureLines(found.functions), ...notAppliedLines(found.notApplied)].join("\n"));
}
