import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newId } from "./ids.ts";
import { writeOwnedFile } from "./ownedFile.ts";
import { DataFolderError } from "./store/database.ts";

/** The token that every call must carry. */
export interface Credentials {
  readonly tokenId: string;
  readonly tokenSecret: string;
}

/** How clients find a running engine: one line of JSON on stdout and `engine.json` in its data folder. */
export interface Announcement extends Credentials {
  readonly url: string;
  /** The same by a file, where the system has that: a call takes a few hundredths of a millisecond less. */
  readonly socketPath?: string;
  readonly pid: number;
  readonly data: string | null;
}

const ANNOUNCEMENT = "engine.json";
const CREDENTIALS = "credentials.json";

/** The tokens and the port of a data folder: kept across restarts, so that a client's poll finds the engine again. */
export function rememberedCredentials(folder: string | undefined): Credentials & { port: number } {
  const known = folder === undefined ? undefined : readJson(join(folder, CREDENTIALS));
  if (typeof known?.tokenId === "string" && typeof known.tokenSecret === "string") {
    return { tokenId: known.tokenId, tokenSecret: known.tokenSecret, port: Number(known.port) || 0 };
  }
  return { tokenId: newId("ak"), tokenSecret: newId("as"), port: 0 };
}

/**
 * Tells where the engine is. `engine.json` is there only while it runs; after a crash it is stale, so readers must ask.
 *
 * @throws DataFolderError when there is no room for it
 */
export function announce(folder: string, announcement: Announcement, port: number): void {
  const { tokenId, tokenSecret } = announcement;
  writeOwned(join(folder, CREDENTIALS), { tokenId, tokenSecret, port });
  writeOwned(join(folder, ANNOUNCEMENT), announcement);
}

/** The engine that said last that it has a folder. It may be gone by now. */
export function announcedIn(folder: string): Pick<Announcement, "pid" | "url"> | undefined {
  const known = readJson(join(folder, ANNOUNCEMENT));
  if (typeof known?.url !== "string" || typeof known.pid !== "number") return undefined;
  return { pid: known.pid, url: known.url };
}

export function withdraw(folder: string): void {
  rmSync(join(folder, ANNOUNCEMENT), { force: true });
}

function writeOwned(path: string, content: object): void {
  try {
    writeOwnedFile(path, `${JSON.stringify(content)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(
      `${path} could not be written (${reason}); make room on its disk, or choose another data folder.`,
      {
        cause: error,
      },
    );
  }
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined; // Missing or damaged: new ones are made.
  }
}
