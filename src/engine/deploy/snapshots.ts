import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeOwnedFile } from "../ownedFile.ts";
import { NotStoredError } from "../store/notStoredError.ts";
import type { FileDescription } from "./definition.ts";

/**
 * The exact sources that deployed versions run from, one file each, named by the digest of its content: editing a file never
 * changes what is deployed, and the same source again is the same snapshot.
 */
export class Snapshots {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  path(digest: string): string {
    return join(this.#folder, `${digest}.json`);
  }

  has(digest: string): boolean {
    return existsSync(this.path(digest));
  }

  /**
   * Keeps a description; its digest is returned.
   *
   * @throws NotStoredError when there is no room for it
   */
  save(description: FileDescription): string {
    const content = JSON.stringify(description);
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 32);
    const path = this.path(digest);
    try {
      if (!existsSync(path)) writeOwnedFile(path, content);
    } catch (error) {
      throw new NotStoredError(error);
    }
    return digest;
  }

  /** Removes what no version in `used` runs from. */
  prune(used: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder)) {
      if (!used.has(name.replace(/\.json$/, ""))) rmSync(join(this.#folder, name), { force: true });
    }
  }
}
