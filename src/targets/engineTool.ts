import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { engineEnvironment } from "./engineStart.ts";
import { checkNodeVersion } from "./nodeVersion.ts";
import { TargetError } from "./targetError.ts";

/**
 * Has the engine's program do something with a data folder for which no engine has to run, such as `--import FILE`.
 *
 * @returns what it printed, which is JSON
 * @throws TargetError with what it said
 */
export async function runEngineTool(enginePath: string, args: readonly string[]): Promise<unknown> {
  checkNodeVersion(process.versions.node);
  const tool = spawn(process.execPath, [enginePath, ...args], {
    env: engineEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const [[code], stdout, stderr] = await Promise.all([once(tool, "close"), text(tool.stdout), text(tool.stderr)]);
  if (code === 0) return JSON.parse(stdout);
  throw new TargetError(stderr.trim().split("\n").at(-1) || `The engine's program ended with exit code ${code}.`);
}
