import { InvalidError } from "../errors.ts";

/** Where a map takes its inputs from. */
export type InputSource<T> = Iterable<T> | AsyncIterable<T>;

/** The positional arguments of one input. */
export type InputRow = readonly unknown[];

/**
 * Joins the n-th items of all sources into the n-th row, and ends with the shortest source. The rows are asynchronous only when a
 * source is, since waiting for each of many small inputs would cost more than sending it.
 *
 * @param method who asks, for the message
 * @throws InvalidError at once when a source is not iterable; text counts as one value, not as an iterable of letters
 */
export function zip(sources: readonly InputSource<unknown>[], method: "map" | "forEach"): InputSource<InputRow> {
  if (!Array.isArray(sources) || sources.length === 0 || !sources.every(isSource)) {
    throw new InvalidError(
      `${method} takes an array of iterables, one for each argument: write fn.${method}([[1, 2, 3]]), not fn.${method}([1, 2, 3]).`,
    );
  }
  return sources.some(isAsync) ? zippedAsync(sources) : zipped(sources as Iterable<unknown>[]);
}

/**
 * Checks rows as they are read, and makes arrays of those that are other iterables.
 *
 * @throws InvalidError at once when `rows` is not iterable; while iterating, when a row is not, or is text
 */
export function rowsOf(rows: InputSource<Iterable<unknown>>): InputSource<InputRow> {
  if (!isSource(rows)) throw notRows();
  return isAsync(rows) ? checkedAsync(rows) : checked(rows);
}

/** Whether the items have to be waited for. */
export function isAsync<T>(source: InputSource<T>): source is AsyncIterable<T> {
  return Symbol.asyncIterator in source;
}

function* zipped(sources: readonly Iterable<unknown>[]): Generator<InputRow> {
  const iterators = sources.map((source) => source[Symbol.iterator]());
  try {
    for (;;) {
      const items = iterators.map((iterator) => iterator.next());
      if (items.some((item) => item.done)) return;
      yield items.map((item) => item.value);
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

async function* zippedAsync(sources: readonly InputSource<unknown>[]): AsyncGenerator<InputRow> {
  const iterators = sources.map((source) =>
    isAsync(source) ? source[Symbol.asyncIterator]() : source[Symbol.iterator](),
  );
  try {
    for (;;) {
      const items = await Promise.all(iterators.map((iterator) => iterator.next()));
      if (items.some((item) => item.done)) return;
      yield items.map((item) => item.value);
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}

function* checked(rows: Iterable<unknown>): Generator<InputRow> {
  for (const row of rows) yield asRow(row);
}

async function* checkedAsync(rows: AsyncIterable<unknown>): AsyncGenerator<InputRow> {
  for await (const row of rows) yield asRow(row);
}

function asRow(row: unknown): InputRow {
  if (Array.isArray(row)) return row;
  if (typeof row !== "object" || row === null || !(Symbol.iterator in row)) throw notRows();
  return [...(row as Iterable<unknown>)];
}

function isSource(source: unknown): source is InputSource<unknown> {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.iterator in source || Symbol.asyncIterator in source;
}

function notRows(): InvalidError {
  return new InvalidError('Each row must be an array of arguments: write fn.starmap([[1, "a"], [2, "b"]]).');
}
