import * as vscode from "vscode";
import type { SpawnpointApi } from "../../src/api/extensionApi.ts";

/** Squares numbers by a function of the app "arithmetic", which the user has deployed. */
export async function squares(numbers: readonly number[]): Promise<unknown[]> {
  const spawnpoint = vscode.extensions.getExtension<SpawnpointApi>("spawnpoint.spawnpoint");
  if (!spawnpoint) throw new Error("Squaring needs the extension Spawnpoint; install it, and try again.");
  const api = await spawnpoint.activate();
  if (api.version !== 1) throw new Error("Spawnpoint is newer than this extension expects; update this extension.");

  const call = await api.map({ appName: "arithmetic", functionName: "square" }, numbers);
  const results: unknown[] = [];
  for await (const result of api.getResults(call)) results.push(result);
  return results;
}
