import { UsageError } from "./cliError.ts";
import { parseJson } from "./json.ts";

/** One line of a file. */
export interface JsonLine {
  readonly value: unknown;
  /** File and line number, for messages, e.g. `inputs.jsonl:7`. */
  readonly place: string;
}

/**
 * The values of a JSON Lines text, one by one. Empty lines are passed over. Node's readline is not used, for it also
 * ends lines at U+2028, which may stand inside a JSON string.
 *
 * @param name of the file, for messages
 * @throws UsageError with file and line
 */
export async function* jsonLines(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const line of lines(bytes, name)) {
    number += 1;
    const place = `${name}:${number}`;
    if (line.trim() !== "") yield { value: parseJson(line, place), place };
  }
}

async function* lines(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  let begun: string[] = []; // Pieces of a line that is longer than a chunk, joined once.
  for await (const text of decoded(bytes, name)) {
    const [first = "", ...rest] = text.split("\n");
    begun.push(first);
    for (const next of rest) {
      yield begun.join("");
      begun = [next];
    }
  }
  if (begun.length > 0) yield begun.join("");
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${name} is not UTF-8 text.`, { cause: error });
    throw error;
  }
}
