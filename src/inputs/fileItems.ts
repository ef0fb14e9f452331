import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { InputError } from "./inputError.ts";
import { parseInputValue } from "./inputValue.ts";

/** One item of a file, and where it stands, e.g. `inputs.jsonl, line 3`. */
export interface FileItem {
  readonly value: unknown;
  readonly place: string;
}

type TextColumns = (name: string, column: number) => boolean;

/** What is read by rows, with the names of its columns in the first one. */
const DELIMITERS: Readonly<Record<string, string>> = { ".csv": ",", ".tsv": "\t" };

export function isTable(path: string): boolean {
  return extname(path).toLowerCase() in DELIMITERS;
}

/**
 * The items of a file that holds inputs: of CSV and TSV the rows below the names, as dictionaries; of JSON the members of its list; of
 * everything else the lines, each JSON or a Python literal. Tables and lines are read as they are asked for, however many there are.
 *
 * @param isText whether the cells of a column are text, even where they look like numbers; columns count from 0
 * @throws InputError while items are read: names the file and the line
 */
export function fileItems(path: string, isText: TextColumns = () => false): AsyncGenerator<FileItem> {
  const extension = extname(path).toLowerCase();
  const delimiter = DELIMITERS[extension];
  if (delimiter !== undefined) return rowItems(path, delimiter, isText);
  return extension === ".json" ? listItems(path) : lineItems(path);
}

async function* lineItems(path: string): AsyncGenerator<FileItem> {
  let lineNumber = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    const place = `${basename(path)}, line ${lineNumber}`;
    yield { value: parseAt(line, place), place };
  }
}

async function* listItems(path: string): AsyncGenerator<FileItem> {
  const values = parseAt(await readFile(path, "utf8"), basename(path));
  if (!Array.isArray(values)) throw new InputError(`${basename(path)}: a list with an item per input is needed.`);
  for (const [index, value] of values.entries()) yield { value, place: `${basename(path)}, item ${index}` };
}

function parseAt(text: string, place: string): unknown {
  try {
    return parseInputValue(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new InputError(`${place}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

async function* rowItems(path: string, delimiter: string, isText: TextColumns): AsyncGenerator<FileItem> {
  const options = {
    bom: true,
    columns: true,
    delimiter,
    info: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
  };
  const parser = pipeline(createReadStream(path), parse(options), () => {
    // The reader of the rows below is told of every failure.
  });
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      const cells = Object.entries(record).map(([name, text], column) => {
        return [name, isText(name, column) ? text : cellValue(text)];
      });
      yield { value: Object.fromEntries(cells), place: `${basename(path)}, line ${info.lines}` };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`${basename(path)}: ${error.message.replace(/\.?$/, ".")}`, { cause: error });
  }
}

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** A number or a truth value where the cell has just that, nothing where it is empty, and otherwise text: `007` is text. */
function cellValue(text: string): unknown {
  if (text === "") return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? parseInputValue(text) : text;
}
