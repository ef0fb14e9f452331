import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { asArguments } from "./callArguments.ts";
import { UsageError } from "./cliError.ts";
import { jsonLines } from "./jsonLines.ts";

/** Where a map's inputs come from. */
export interface InputsOptions {
  /** Path of a JSON Lines file; `-` is stdin. */
  readonly inputs: string;
  /** Whether a line holds all arguments, not the one. */
  readonly star?: boolean;
}

/**
 * Reads the inputs of a map, a row of arguments for each line.
 *
 * @throws UsageError while iterating, with file and line
 */
export async function* inputRows({ inputs, star = false }: InputsOptions): AsyncGenerator<readonly unknown[]> {
  const name = inputs === "-" ? "stdin" : inputs;
  const bytes: AsyncIterable<Uint8Array> = inputs === "-" ? process.stdin : createReadStream(inputs);
  try {
    for await (const { value, place } of jsonLines(bytes, name)) yield star ? asArguments(value, place) : [value];
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name} cannot be read.`, { cause: error });
  }
}

/**
 * Reads a file to its end before anything runs, so that a mistake in the last line does not end a map half-way. What can
 * be read once only, such as stdin or a pipe, is checked as it is read.
 *
 * @throws UsageError with file and line
 */
export async function checkInputs(options: InputsOptions): Promise<void> {
  const isFile = options.inputs !== "-" && (await stat(options.inputs).catch(() => undefined))?.isFile() !== false;
  if (!isFile) return;
  for await (const _row of inputRows(options)) {
    // Only whether it can be read matters here.
  }
}
