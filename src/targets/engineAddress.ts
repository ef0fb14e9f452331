import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Where an engine listens and what it asks for: its ready line, and the text of `engine.json` in its data folder. */
export interface EngineAddress {
  /** E.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The same by a file, where the system has that: a call takes a few hundredths of a millisecond less. */
  readonly socketPath?: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  readonly pid: number;
}

/** The URL by which it is reached quickest. */
export function nearestUrl({ url, socketPath }: EngineAddress): string {
  return socketPath === undefined ? url : pathToFileURL(socketPath).href.replace(/^file:/, "unix:");
}

/** Whether who is connected to the one is connected to the other, whichever process that is. */
export function isSamePlace(one: EngineAddress, other: EngineAddress): boolean {
  return one.url === other.url && one.socketPath === other.socketPath && one.tokenSecret === other.tokenSecret;
}

/** The address that an engine left in its data folder, if it can be read. The engine may be gone by now. */
export async function readEngineAddress(dataFolder: string): Promise<EngineAddress | undefined> {
  try {
    return parseEngineAddress(await readFile(join(dataFolder, "engine.json"), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Reads an engine's ready line. Undefined when it is not one, such as a file that is half written. */
export function parseEngineAddress(text: string): EngineAddress | undefined {
  let address: unknown;
  try {
    address = JSON.parse(text);
  } catch {
    return undefined; // Told from a good line by the caller, who looks again.
  }
  return isEngineAddress(address) ? address : undefined;
}

function isEngineAddress(value: unknown): value is EngineAddress {
  if (typeof value !== "object" || value === null) return false;
  const { url, socketPath, tokenId, tokenSecret, pid } = value as Partial<Record<keyof EngineAddress, unknown>>;
  return (
    typeof url === "string" &&
    URL.canParse(url) &&
    (socketPath === undefined || typeof socketPath === "string") &&
    typeof tokenId === "string" &&
    typeof tokenSecret === "string" &&
    Number.isInteger(pid)
  );
}
