import { EngineStartError } from "./targetError.ts";

/** The first Node.js that has `node:sqlite` without a flag. https://nodejs.org/api/sqlite.html */
const NEEDED = [22, 13] as const;

/** @throws EngineStartError this Node.js is too old to run the engine */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new EngineStartError(
    `The local engine needs Node.js ${NEEDED.join(".")} or newer, and this is ${version}; install a newer one, or update the editor.`,
  );
}
