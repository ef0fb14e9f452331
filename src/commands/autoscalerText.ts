import * as l10n from "@vscode/l10n";
import type { AutoscalerSettings } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";

/** Modal's names of the settings, in the order in which they are shown. */
const NAMES = ["min_containers", "max_containers", "buffer_containers", "scaledown_window"] as const;

/** The settings as they are typed, e.g. `min_containers=1 scaledown_window=60`; what has no value is left out. */
export function autoscalerText(settings: AutoscalerSettings): string {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = settings;
  const seconds = scaledownWindowMs === undefined ? undefined : scaledownWindowMs / 1_000;
  const values = [minContainers, maxContainers, bufferContainers, seconds];
  return NAMES.map((name, index) => [name, values[index]] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/**
 * Reads settings as they are typed, with spaces or commas between them.
 *
 * @throws InputError a setting is unknown, given twice, no number of the kind that it must be, or the minimum is above the maximum
 */
export function parseAutoscaler(text: string): AutoscalerSettings {
  const values = new Map<string, number>();
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [name = "", value = ""] = part.split("=");
    if (!NAMES.some((known) => known === name)) {
      throw new InputError(l10n.t`There is no setting "${name}"; there are ${NAMES.join(", ")}.`);
    }
    if (values.has(name)) throw new InputError(l10n.t`${name} is given twice.`);
    values.set(name, wholeNumber(name, value));
  }
  const [minContainers, maxContainers, bufferContainers, seconds] = NAMES.map((name) => values.get(name));
  if (minContainers !== undefined && maxContainers !== undefined && minContainers > maxContainers) {
    throw new InputError(l10n.t`min_containers (${minContainers}) is above max_containers (${maxContainers}).`);
  }
  return {
    ...(minContainers !== undefined && { minContainers }),
    ...(maxContainers !== undefined && { maxContainers }),
    ...(bufferContainers !== undefined && { bufferContainers }),
    ...(seconds !== undefined && { scaledownWindowMs: seconds * 1_000 }),
  };
}

function wholeNumber(name: string, value: string): number {
  const least = name === "scaledown_window" ? 1 : 0;
  if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
  const example = `${name}=${least || 1}`;
  throw new InputError(
    name === "scaledown_window"
      ? l10n.t`${name} is a whole number of seconds from ${least}, such as ${example}.`
      : l10n.t`${name} is a whole number from ${least}, such as ${example}.`,
  );
}
