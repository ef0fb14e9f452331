import type { AutoscalerSettings } from "../../client/index.ts";
import { containerOwner, type InstanceOptions } from "../callable.ts";
import { jsonText } from "../json.ts";
import { columns } from "../render.ts";
import type { Session } from "../session.ts";

interface AutoscalerCommandOptions extends InstanceOptions {
  readonly minContainers?: number;
  readonly maxContainers?: number;
  readonly bufferContainers?: number;
  /** Seconds. */
  readonly scaledownWindow?: number;
  readonly json?: boolean;
}

/** `spawnpoint autoscaler APP FUNCTION`: changes the settings that are given, and shows those in force. */
export async function autoscaler(
  { output, target }: Session,
  app: string,
  name: string,
  options: AutoscalerCommandOptions,
): Promise<void> {
  const { json = false, scaledownWindow, minContainers, maxContainers, bufferContainers } = options;
  const changes: AutoscalerSettings = {
    ...(minContainers !== undefined && { minContainers }),
    ...(maxContainers !== undefined && { maxContainers }),
    ...(bufferContainers !== undefined && { bufferContainers }),
    ...(scaledownWindow !== undefined && { scaledownWindowMs: scaledownWindow * 1_000 }),
  };
  const owner = await containerOwner(await target.modal(), app, name, options);
  if (Object.keys(changes).length > 0) {
    const settings = await owner.updateAutoscaler(changes);
    return output.line(json ? jsonText(settings) : settingsText(settings, () => "").join("\n"));
  }
  const { settings, staticSettings, overrideSettings } = await owner.getAutoscaler();
  const origin = (key: keyof AutoscalerSettings) => {
    if (overrideSettings[key] !== undefined) return "changed since the deployment";
    return staticSettings[key] === undefined ? "default" : "from the definition";
  };
  await output.line(json ? jsonText(settings) : settingsText(settings, origin).join("\n"));
}

function settingsText(settings: AutoscalerSettings, origin: (key: keyof AutoscalerSettings) => string): string[] {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = settings;
  const window = scaledownWindowMs === undefined ? undefined : `${scaledownWindowMs / 1_000} s`;
  return columns([
    ["minimum of containers", String(minContainers ?? "not set"), origin("minContainers")],
    ["maximum of containers", String(maxContainers ?? "not set"), origin("maxContainers")],
    ["buffer containers", String(bufferContainers ?? "not set"), origin("bufferContainers")],
    ["scale-down window", window ?? "not set", origin("scaledownWindowMs")],
  ]);
}
