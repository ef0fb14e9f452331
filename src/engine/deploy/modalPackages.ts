import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type PythonFolders, pythonEnvironment } from "../workers/pythonEnvironment.ts";

/** Modal's own package as an interpreter has it, with its container runtime. */
export interface ModalPackage {
  /** E.g. `1.5.4`; empty where it does not say. */
  readonly version: string;
}

interface Found {
  readonly package: ModalPackage | undefined;
  /** Where Python looks for packages, and when something came or went there. */
  readonly folders: ReadonlyMap<string, number>;
}

const TIMEOUT_MS = 30_000;

/** Which interpreters have Modal's own package. Each is asked once, and again when the folders of its packages have changed. */
export class ModalPackages {
  readonly #folders: PythonFolders;
  readonly #known = new Map<string, Promise<Found>>();

  constructor(folders: PythonFolders) {
    this.#folders = folders;
  }

  /** @param python an interpreter; of one that does not start, nothing is known */
  async of(python: string): Promise<ModalPackage | undefined> {
    const known = await this.#known.get(python);
    if (known && (await isUnchanged(known))) return known.package;
    const found = this.#ask(python);
    this.#known.set(python, found);
    return (await found).package;
  }

  async #ask(python: string): Promise<Found> {
    const script = join(this.#folders.scripts, "runtime", "modal_package.py");
    const options = { cwd: tmpdir(), env: pythonEnvironment(this.#folders), timeout: TIMEOUT_MS, windowsHide: true };
    try {
      const { stdout } = await promisify(execFile)(python, [script], options);
      const { version, folders } = JSON.parse(stdout) as { version: string | null; folders: string[] };
      const times = await Promise.all(folders.map(async (folder) => [folder, await changedAt(folder)] as const));
      return { package: version === null ? undefined : { version }, folders: new Map(times) };
    } catch {
      this.#known.delete(python); // It does not start: whatever is deployed says so.
      return { package: undefined, folders: new Map() };
    }
  }
}

async function isUnchanged({ folders }: Found): Promise<boolean> {
  const changes = [...folders].map(async ([folder, time]) => (await changedAt(folder)) === time);
  return (await Promise.all(changes)).every(Boolean);
}

/** 0 for a folder that is not there. */
async function changedAt(folder: string): Promise<number> {
  return stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
