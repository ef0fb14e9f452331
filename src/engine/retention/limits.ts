import type { SettingsStore } from "../store/settingsStore.ts";

/** How much of the past a data folder keeps. 0 sets no limit. */
export interface RetentionLimits {
  /** Finished calls older than this are forgotten. */
  readonly maxAgeMs: number;
  /** Beyond this many bytes the oldest finished calls are forgotten. */
  readonly maxBytes: number;
}

/** New limits; those that are left out stay as they are. */
export type GivenLimits = { readonly [Name in keyof RetentionLimits]?: number | undefined };

const DAY_MS = 24 * 60 * 60 * 1_000;
const SETTING = "retention";
const FIRST: RetentionLimits = { maxAgeMs: 30 * DAY_MS, maxBytes: 10 * 1024 ** 3 };

/** The limits of a data folder: what is given now, else what it was given last, else 30 days and 10 GiB. They are kept in the folder. */
export function retentionLimits(settings: SettingsStore, given: GivenLimits): RetentionLimits {
  const limits = { ...FIRST, ...remembered(settings) };
  for (const name of ["maxAgeMs", "maxBytes"] as const) limits[name] = given[name] ?? limits[name];
  if (given.maxAgeMs !== undefined || given.maxBytes !== undefined) void settings.set(SETTING, limits);
  return limits;
}

function remembered(settings: SettingsStore): Partial<RetentionLimits> {
  const value = settings.get(SETTING);
  return typeof value === "object" && value !== null ? value : {};
}
