import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { VolumeFolder } from "./volumeFolder.ts";
import { partsOf } from "./volumePath.ts";

/** The volumes of a data folder, each a folder of its own. */
export class Volumes {
  readonly #folder: string;
  readonly #incoming: string;

  /** @param folder made anew when it is missing; what was on its way into it is gone */
  constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = join(folder, "incoming");
    rmSync(this.#incoming, { recursive: true, force: true });
    mkdirSync(this.#incoming, { recursive: true, mode: 0o700 });
  }

  /** The files of a volume; made empty where there is nothing of it yet. */
  open(volumeId: string): VolumeFolder {
    const path = join(this.#folder, volumeId);
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    return new VolumeFolder(path, this.#incoming);
  }

  /**
   * Where a volume, or a folder of it, stands in containers; made where it is missing.
   *
   * @throws RpcError INVALID_ARGUMENT for a folder that is none of the volume's
   */
  folder(volumeId: string, subPath = ""): string {
    const path = join(this.open(volumeId).path, ...partsOf(subPath));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  async delete(volumeId: string): Promise<void> {
    await rm(join(this.#folder, volumeId), { recursive: true, force: true });
  }

  /** Removes the files of all volumes but these. */
  prune(volumeIds: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder)) {
      if (name.startsWith("vo-") && !volumeIds.has(name))
        rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}
