import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "./inputError.ts";
import type { InputShape } from "./inputShape.ts";

/** A file that a map took its inputs from, and how. */
export interface InputFile {
  readonly path: string;
  readonly shape: InputShape;
  /** Unix milliseconds; tells later whether the file is still the same. */
  readonly modifiedAt: number;
}

/** @throws InputError there is no such file */
export async function inputFile(path: string, shape: InputShape): Promise<InputFile> {
  return { path, shape, modifiedAt: await modifiedAtOf(path) };
}

/** @throws InputError the file was changed, or is gone: its inputs are no longer those that they were */
export async function assertUnchanged({ path, modifiedAt }: InputFile): Promise<void> {
  if ((await modifiedAtOf(path)) === modifiedAt) return;
  throw new InputError(`${basename(path)} was changed after this call was made; map the file again.`);
}

async function modifiedAtOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    throw new InputError(`${path} cannot be read; choose another file.`, { cause: error });
  }
}
