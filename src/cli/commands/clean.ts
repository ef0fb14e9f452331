import { InvalidArgumentError } from "commander";
import { jsonText } from "../json.ts";
import { bytesText, counted } from "../render.ts";
import type { Session } from "../session.ts";

interface CleanCommandOptions {
  readonly olderThan?: number;
  readonly json?: boolean;
}

/** `spawnpoint clean`: forgets finished calls. */
export async function clean({ output, localTarget }: Session, options: CleanCommandOptions): Promise<void> {
  const { olderThan: olderThanMs = 0, json = false } = options;
  const engine = await localTarget.engine();
  const { functionCalls, bytes } = await engine.clean(olderThanMs);
  if (json) return output.line(jsonText({ functionCalls, bytes }));
  await output.line(`Forgot ${counted(functionCalls, "function call")}, ${bytesText(Number(bytes))}.`);
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a span of time such as `90s`, `15m`, `12h`, `7d` or `2w`.
 *
 * @returns milliseconds
 */
export function parseSpan(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined)
    throw new InvalidArgumentError("Write a number and a unit, such as 90s, 15m, 12h, 7d or 2w.");
  return Number(number) * unitMs;
}
