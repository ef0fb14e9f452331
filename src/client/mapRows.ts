import { InvalidError } from "./errors.ts";

/** Where a map takes its inputs from. */
export type InputSource<T> = Iterable<T> | AsyncIterable<T>;

/** The positional arguments of one input. */
export type InputRow = readonly unknown[];

/**
 * Joins the n-th items of all sources into the n-th row, and ends with the shortest source.
 *
 * @throws InvalidError at once when a source is not iterable; text counts as one value, not as an iterable of letters
 */
export function zip(sources: readonly InputSource<unknown>[]): AsyncIterable<InputRow> {
  if (!Array.isArray(sources) || sources.length === 0 || !sources.every(isSource)) {
    throw new InvalidError(
      "map takes an array of iterables, one for each argument: write fn.map([[1, 2, 3]]), not fn.map([1, 2, 3]).",
    );
  }
  return zipped(sources);
}

/**
 * Checks rows as they are read.
 *
 * @throws InvalidError at once when `rows` is not iterable; while iterating, when a row is not an array
 */
export function rowsOf(rows: InputSource<InputRow>): AsyncIterable<InputRow> {
  if (!isSource(rows)) throw notRows();
  return checked(rows);
}

async function* zipped(sources: readonly InputSource<unknown>[]): AsyncGenerator<InputRow> {
  const iterators = sources.map(iteratorOf);
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

async function* checked(rows: InputSource<unknown>): AsyncGenerator<InputRow> {
  for await (const row of rows) {
    if (!Array.isArray(row)) throw notRows();
    yield row;
  }
}

function isSource(source: unknown): source is InputSource<unknown> {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.iterator in source || Symbol.asyncIterator in source;
}

function iteratorOf(source: InputSource<unknown>): Iterator<unknown> | AsyncIterator<unknown> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

function notRows(): InvalidError {
  return new InvalidError('Each row must be an array of arguments: write fn.starmap([[1, "a"], [2, "b"]]).');
}
