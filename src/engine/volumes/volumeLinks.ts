import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { writeOwnedFile } from "../ownedFile.ts";
import { type VolumeMount, volumeVariable } from "./volumeMount.ts";

/**
 * Volumes at the paths at which user code looks for them, as links that are there while a container uses them. A path that exists is never
 * touched. What links there are is in a file, so that those of an engine that died go when the next one starts.
 */
export class VolumeLinks {
  readonly #record: string;
  /** By path. */
  readonly #made = new Map<string, { readonly folder: string; users: number }>();

  /** @param record the file; links that it names are removed */
  constructor(record: string) {
    this.#record = record;
    for (const { path, folder } of recorded(record)) removeLink(path, folder);
    rmSync(record, { force: true });
  }

  /** What to tell who deploys a function whose volume cannot stand at its path; undefined when it can. */
  warning({ path, folder }: VolumeMount): string | undefined {
    const obstacle = this.#obstacle({ path, folder });
    if (obstacle === undefined) return undefined;
    return `On this computer the volume cannot be at ${path}, because ${obstacle}; its files are in ${folder}, which the function finds in the variable ${volumeVariable(path)}.`;
  }

  /** Whether containers have another volume at the path. */
  isTaken({ path, folder }: VolumeMount): boolean {
    const made = this.#made.get(path);
    return made !== undefined && made.folder !== folder;
  }

  /** Has the volume stand at its path for one more container, as far as that is possible. */
  take(mount: VolumeMount): boolean {
    const { path, folder } = mount;
    const made = this.#made.get(path);
    if (this.#obstacle(mount) !== undefined) return false;
    if (made) {
      made.users++;
      return true;
    }
    if (leadsTo(path, folder)) return false; // The user's own link, which stays.
    this.#made.set(path, { folder, users: 1 });
    try {
      this.#save();
      symlinkSync(folder, path);
      return true;
    } catch {
      this.#made.delete(path);
      return false;
    }
  }

  /** A container that had taken it is gone. */
  release({ path, folder }: VolumeMount): void {
    const made = this.#made.get(path);
    if (!made || --made.users > 0) return;
    removeLink(path, folder);
    this.#made.delete(path);
    this.#save();
  }

  close(): void {
    for (const [path, { folder }] of this.#made) removeLink(path, folder);
    this.#made.clear();
    rmSync(this.#record, { force: true });
  }

  #obstacle({ path, folder }: VolumeMount): string | undefined {
    if (process.platform === "win32" || !isAbsolute(path)) return "there are no such paths";
    if (leadsTo(path, folder)) return undefined;
    if (lstatSync(path, { throwIfNoEntry: false })) return "there is something else";
    const parent = dirname(path);
    if (!existsSync(parent)) return `there is no folder ${parent}`;
    try {
      accessSync(parent, constants.W_OK);
      return undefined;
    } catch {
      return `${parent} is not yours to write to`;
    }
  }

  #save(): void {
    const links = [...this.#made].map(([path, { folder }]) => ({ path, folder }));
    writeOwnedFile(this.#record, JSON.stringify(links));
  }
}

function recorded(record: string): VolumeMount[] {
  try {
    return JSON.parse(readFileSync(record, "utf8")) as VolumeMount[];
  } catch {
    return [];
  }
}

function removeLink(path: string, folder: string): void {
  if (leadsTo(path, folder)) unlinkSync(path);
}

function leadsTo(path: string, folder: string): boolean {
  try {
    return readlinkSync(path) === folder;
  } catch {
    return false;
  }
}
