import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeOwnedFile } from "../ownedFile.ts";
import { NotStoredError } from "../store/notStoredError.ts";

/** Environment variables by their names. */
export type Variables = Readonly<Record<string, string>>;

/**
 * The environment variables that secrets and `env` gave when a file was deployed, as Modal keeps them. They are secrets: nothing else
 * that the engine keeps has their values, and no archive does. A file is named by a digest of its content, with a key of this
 * data folder, so that whoever sees the name cannot try values.
 */
export class VariableFiles {
  readonly #folder: string;
  readonly #key: string;

  constructor(folder: string, key: string) {
    this.#folder = folder;
    this.#key = key;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Keeps variables, and returns the name of their file; the same ones again have the same name.
   *
   * @throws NotStoredError when there is no room for them
   */
  keep(variables: Variables): string {
    const content = JSON.stringify(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)));
    const name = createHmac("sha256", this.#key).update(content).digest("hex").slice(0, 32);
    const path = this.#path(name);
    try {
      if (!existsSync(path)) writeOwnedFile(path, content);
    } catch (error) {
      throw new NotStoredError(error);
    }
    return name;
  }

  /** Undefined where they did not come along: in a data folder that was made from an archive. */
  read(name: string): Variables | undefined {
    const path = this.#path(name);
    return existsSync(path) ? Object.fromEntries(JSON.parse(readFileSync(path, "utf8"))) : undefined;
  }

  /** Removes what nothing in `used` names. */
  prune(used: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder)) {
      if (!used.has(name.replace(/\.json$/, ""))) rmSync(join(this.#folder, name), { force: true });
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
