import { fileItems, isTable } from "./fileItems.ts";
import { InputError } from "./inputError.ts";
import { argumentsOf, type InputShape } from "./inputShape.ts";
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
  if (trimmed.startsWith("*")) return valuesAsInputs(list(trimmed.slice(1)), "list");
  return range(trimmed) ?? valuesAsInputs(list(trimmed), "value");
}

/** @param parameters see {@link argumentsOf} */
export function valuesAsInputs(
  values: readonly unknown[],
  shape: InputShape,
  parameters: readonly string[] = [],
): MapInputs {
  if (shape === "value") return { count: values.length, rows: mapped(values, (value) => [value]) };
  const rows = values.map((value, index) => argumentsOf(value, shape, `Input ${index}`, parameters));
  return { count: values.length, rows };
}

/** What has to be known of a function to read its inputs from a file. */
export interface InputParameter {
  readonly name: string;
  readonly type: { readonly base: string };
}

/**
 * One input per item of a file, see {@link fileItems}.
 *
 * @throws InputError while rows are read: names the file and the line
 */
export function fileAsInputs(path: string, shape: InputShape, parameters: readonly InputParameter[] = []): MapInputs {
  return { count: undefined, rows: fileRows(path, shape, parameters) };
}

async function* fileRows(
  path: string,
  shape: InputShape,
  parameters: readonly InputParameter[],
): AsyncGenerator<readonly unknown[]> {
  const names = parameters.map(({ name }) => name);
  const isText = (name: string, column: number) => {
    if (shape === "value") return false;
    const parameter = shape === "list" ? parameters[column] : parameters.find((candidate) => candidate.name === name);
    return parameter?.type.base === "str";
  };
  const rowsAreLists = shape === "list" && isTable(path);
  for await (const { value, place } of fileItems(path, isText)) {
    const item = rowsAreLists && typeof value === "object" && value !== null ? Object.values(value) : value;
    yield argumentsOf(item, shape, place, names);
  }
}

/** Only some inputs of all, by their indexes, in the order of all. */
export function selectInputs({ rows }: MapInputs, indexes: readonly number[]): MapInputs {
  return { count: indexes.length, rows: selectedRows(rows, new Set(indexes)) };
}

async function* selectedRows(rows: MapInputs["rows"], indexes: ReadonlySet<number>) {
  let index = 0;
  for await (const row of rows) {
    if (indexes.has(index)) yield row;
    index += 1;
  }
}

/**
 * Lines of an editor as text for {@link parseMapInputs}: the lines themselves where each is JSON or a Python literal, otherwise each
 * as text. Empty lines are skipped.
 *
 * @throws InputError when there is no line
 */
export function linesAsText(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) throw new InputError("The selection has no line with an input; select some.");
  return lines.every(isValue) ? `[${lines.join("\n,")}\n]` : JSON.stringify(lines);
}

function isValue(line: string): boolean {
  try {
    return parseInputValue(line) !== undefined;
  } catch {
    return false;
  }
}

function list(text: string): unknown[] {
  const value = parseInputValue(text);
  if (!Array.isArray(value)) throw new InputError("Give a list with an item per input, or a range such as 0..99.");
  if (value.length === 0) throw new InputError("There is no input in this list; give at least one.");
  return value;
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
