import type { InputPlaneAddress } from "../connection/modalRpc.ts";
import type { FunctionHandle } from "../functions/functionHandle.ts";

/** The input plane that takes a function's calls; undefined when the control plane does. Spawned calls always go to the latter. */
export function inputPlaneAddress({ metadata }: FunctionHandle): InputPlaneAddress | undefined {
  const { inputPlaneUrl: url, inputPlaneRegion: region = "" } = metadata;
  return url ? { url, region } : undefined;
}
