import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where the local engine keeps its state unless told otherwise: `SPAWNPOINT_HOME`, else `spawnpoint` in the
 * user's data folder as the platform has it. Always absolute. The engine process chooses by the same rule.
 */
export function defaultDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.SPAWNPOINT_HOME) return resolve(env.SPAWNPOINT_HOME);
  return join(userDataFolder(env, platform), "spawnpoint");
}

function userDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = homedir();
  if (platform === "win32") return env.LOCALAPPDATA || join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return env.XDG_DATA_HOME || join(home, ".local", "share");
}
