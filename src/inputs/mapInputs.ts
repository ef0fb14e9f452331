import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { InputError } from "./inputError.ts";
import { parseInputValue } from "./inputValue.ts";

/** The inputs of a map: each the positional arguments of one input. Made as they are asked for. */
export interface MapInputs {
  /** Undefined when nobody has counted them. */
  readonly count: number | undefined;
  readonly rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>;
}

/**
 * Reads what the user typed: a list with an item per input, in JSON or as a Python literal, a range such as `0..9999` (both ends count) or
 * `range(10000)`. A `*` in front spreads each item into arguments, as Modal's `starmap` does.
 *
 * @throws InputError when it is none of these
 */
export function parseMapInputs(text: string): MapInputs {
  const trimmed = text.trim();
  if (trimmed.startsWith("*")) return valuesAsInputs(list(trimmed.slice(1)), true);
  return range(trimmed) ?? valuesAsInputs(list(trimmed), false);
}

/** @param star whether each value is a list of arguments; otherwise it is the only argument */
export function valuesAsInputs(values: readonly unknown[], star: boolean): MapInputs {
  if (!star) return { count: values.length, rows: mapped(values, (value) => [value]) };
  return { count: values.length, rows: values.map((value, index) => spread(value, `Input ${index}`)) };
}

/**
 * One input per line of a JSONL file. Read as it is needed, however large; empty lines are skipped.
 *
 * @throws InputError while rows are read: names the file and the line
 */
export function fileAsInputs(path: string, star: boolean): MapInputs {
  return { count: undefined, rows: readLines(path, star) };
}

async function* readLines(path: string, star: boolean): AsyncGenerator<readonly unknown[]> {
  let lineNumber = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    const place = `${basename(path)}, line ${lineNumber}`;
    const value = parseLine(line, place);
    yield star ? spread(value, place) : [value];
  }
}

function parseLine(line: string, place: string): unknown {
  try {
    return parseInputValue(line);
  } catch (error) {
    throw new InputError(`${place}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function list(text: string): unknown[] {
  const value = parseInputValue(text);
  if (!Array.isArray(value)) throw new InputError("Give a list with an item per input, or a range such as 0..99.");
  if (value.length === 0) throw new InputError("There is no input in this list; give at least one.");
  return value;
}

function spread(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InputError(`${place}: a list of arguments is needed, such as [1, 2].`);
}

function range(text: string): MapInputs | undefined {
  const inclusive = /^(-?\d+)\s*\.\.\s*(-?\d+)$/.exec(text);
  if (inclusive) return numbers(Number(inclusive[1]), Number(inclusive[2]) + 1, 1);
  const python = /^range\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?(?:,\s*(-?\d+)\s*)?\)$/.exec(text);
  if (!python) return undefined;
  const [, first, second, step = "1"] = python;
  return second === undefined ? numbers(0, Number(first), 1) : numbers(Number(first), Number(second), Number(step));
}

function numbers(start: number, stop: number, step: number): MapInputs {
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  if (count === 0) throw new InputError("There is no number in this range; give at least one.");
  return { count, rows: mapped({ length: count }, (_, index) => [start + index * step]) };
}

function* mapped<T>(list: ArrayLike<T>, row: (item: T | undefined, index: number) => unknown[]): Generator<unknown[]> {
  for (let index = 0; index < list.length; index++) yield row(list[index], index);
}
