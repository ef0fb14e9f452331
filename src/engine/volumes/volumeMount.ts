import type { Variables } from "../deploy/variables.ts";

/** A folder of a volume, and the path at which user code looks for it. */
export interface VolumeMount {
  readonly path: string;
  readonly folder: string;
}

/** The variable in which user code finds the folder of a volume, wherever that stands: of `/data`, `SPAWNPOINT_VOLUME_DATA`. */
export function volumeVariable(path: string): string {
  return `SPAWNPOINT_VOLUME_${path
    .replace(/^\/+|\/+$/g, "")
    .replace(/\W/g, "_")
    .toUpperCase()}`;
}

export function volumeVariables(mounts: readonly VolumeMount[]): Variables {
  return Object.fromEntries(mounts.map(({ path, folder }) => [volumeVariable(path), folder]));
}
