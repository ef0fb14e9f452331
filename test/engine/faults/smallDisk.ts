import { execFileSync, spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";

/** A disk of its own for a folder, which can be full. */
export class SmallDisk {
  readonly #folder: string;
  readonly #size: string;

  private constructor(folder: string, size: string) {
    this.#folder = folder;
    this.#size = size;
  }

  /**
   * Puts an empty disk over a folder; undefined where this user may not.
   *
   * @param size as `mount` takes it, such as `16m`
   */
  static mount(folder: string, size: string): SmallDisk | undefined {
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", folder]);
    return status === 0 ? new SmallDisk(folder, size) : undefined;
  }

  /** Makes the disk so small that there is no room left on it. */
  fill(): void {
    // Refused where something was written meanwhile.
    while (!this.#resize(`${this.#usedBytes}`));
  }

  empty(): void {
    this.#resize(this.#size);
  }

  unmount(): void {
    execFileSync("umount", ["--lazy", this.#folder]);
  }

  get #usedBytes(): number {
    const { blocks, bfree, bsize } = statfsSync(this.#folder);
    return (blocks - bfree) * bsize;
  }

  #resize(size: string): boolean {
    return spawnSync("mount", ["-o", `remount,size=${size}`, this.#folder]).status === 0;
  }
}
