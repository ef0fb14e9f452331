import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { NotStoredError } from "../store/notStoredError.ts";
import type { MountedFile } from "../store/objectStore.ts";

/** The home folder of containers on Modal, where the modules of an app are mounted, and which is their current folder. */
const HOME = "root";
const SHA256 = /^[0-9a-f]{64}$/;

/** Files that clients upload, each once however many mounts have it, and the folders in which they stand as containers see them. */
export class MountFiles {
  readonly #files: string;
  readonly #trees: string;

  constructor(folder: string) {
    this.#files = join(folder, "files");
    this.#trees = join(folder, "trees");
    for (const made of [this.#files, this.#trees]) mkdirSync(made, { recursive: true, mode: 0o700 });
  }

  has(sha256: string): boolean {
    return SHA256.test(sha256) && existsSync(join(this.#files, sha256));
  }

  /** Where a file is; undefined for one that was not uploaded. */
  find(sha256: string): string | undefined {
    return this.has(sha256) ? join(this.#files, sha256) : undefined;
  }

  /**
   * Keeps a file.
   *
   * @param sha256 of `content`, in lower-case hex; the caller has compared it
   * @throws NotStoredError when there is no room for it
   */
  add(sha256: string, content: Uint8Array): void {
    const path = join(this.#files, sha256);
    written(path, (unfinished) => writeFileSync(unfinished, content, { mode: 0o600 }));
  }

  /**
   * The folder in which files of mounts stand under the paths that containers know; made where there is none yet. The same files have
   * the same folder, and nothing changes in it.
   *
   * @returns its name, and that of `/root` in it, where containers work
   * @throws NotStoredError when there is no room for it
   */
  layOut(files: readonly MountedFile[]): { readonly tree: string; readonly root: string } {
    const tree = treeName(files);
    const path = join(this.#trees, tree);
    if (!existsSync(path)) written(path, (unfinished) => this.#fill(unfinished, files));
    return { tree, root: this.root(tree) };
  }

  /** Where containers work in a folder that was laid out. */
  root(tree: string): string {
    return join(this.#trees, tree, HOME);
  }

  /**
   * Removes what nobody needs.
   *
   * @param files by their SHA-256
   * @param before unix milliseconds: files that came later stay, for their mount may be on its way
   */
  prune(trees: ReadonlySet<string>, files: ReadonlySet<string>, before: number): void {
    for (const tree of readdirSync(this.#trees)) {
      if (!trees.has(tree)) rmSync(join(this.#trees, tree), { recursive: true, force: true });
    }
    for (const file of readdirSync(this.#files)) {
      const path = join(this.#files, file);
      if (!files.has(file) && statSync(path).mtimeMs < before) rmSync(path, { force: true });
    }
  }

  #fill(tree: string, files: readonly MountedFile[]): void {
    mkdirSync(join(tree, HOME), { recursive: true, mode: 0o700 });
    for (const { path, sha256, mode } of files) {
      const target = join(tree, path);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      // A copy: what user code writes to its file must not reach other versions.
      copyFileSync(join(this.#files, sha256), target);
      chmodSync(target, ((mode ?? 0o644) & 0o777) | 0o600);
    }
  }
}

function treeName(files: readonly MountedFile[]): string {
  const sorted = files.map(({ path, sha256, mode }) => [path, sha256, mode ?? null]).sort();
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 32);
}

/** Makes a file or a folder beside its place and moves it there, or leaves nothing of it. */
function written(path: string, make: (unfinished: string) => void): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    make(unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new NotStoredError(error);
  }
}
