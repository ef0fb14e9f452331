import type { Frame } from "../../proto/frames.ts";
import { InvalidError, RemoteError } from "../errors.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";
import { decodeCbor, encodeCbor } from "../payloads/cbor.ts";
import type { FunctionSource, SourcePlace } from "./functionSource.ts";
import { type LocalRequest, localRequest } from "./localRequest.ts";
import { type LocalOptions, pythonAnswers } from "./pythonProcess.ts";

const DEFAULT_PYTHON = process.platform === "win32" ? "python" : "python3";
const NOTHING = new Uint8Array();

/** Something that a function gave. */
export interface LocalAnswer {
  /** Whether it is one of a generator's items, of which there may be any number; otherwise it is the one value. */
  readonly isItem: boolean;
  readonly value: unknown;
}

/** Runs a function in an interpreter of its own and returns its value; see `ModalFunction.local`. */
export async function callLocal(
  place: SourcePlace,
  args: readonly unknown[],
  kwargs: Kwargs,
  options: LocalOptions,
): Promise<unknown> {
  return decodeCbor((await finalAnswer(place, "value", encodeCbor([args, kwargs, place.parameters]), options)).payload);
}

/** Runs a generator function in an interpreter of its own and yields its items; see `ModalFunction.localGen`. */
export async function* callLocalGenerator(
  place: SourcePlace,
  args: readonly unknown[],
  kwargs: Kwargs,
  options: LocalOptions,
): AsyncGenerator<unknown, void, undefined> {
  for await (const { header, payload } of answers(
    place,
    "items",
    encodeCbor([args, kwargs, place.parameters]),
    options,
  )) {
    if (header.type === "item") yield decodeCbor(payload);
  }
}

/** Runs a function of either kind; see `LocalFunction.run`. */
export async function* localAnswers(
  place: SourcePlace,
  args: readonly unknown[],
  kwargs: Kwargs,
  options: LocalOptions,
): AsyncGenerator<LocalAnswer, void, undefined> {
  for await (const { header, payload } of answers(
    place,
    "any",
    encodeCbor([args, kwargs, place.parameters]),
    options,
  )) {
    if (header.type !== "end") yield { isItem: header.type === "item", value: decodeCbor(payload) };
  }
}

/** A function's definition, read from the file without running that. */
export async function readDefinition(place: SourcePlace, options: LocalOptions): Promise<FunctionSource> {
  const { path, qualname } = place;
  const { header } = await finalAnswer(place, "definition", NOTHING, options);
  return { path, line: Number(header.line), endLine: Number(header.end_line), qualname, text: String(header.text) };
}

async function finalAnswer(
  place: SourcePlace,
  wanted: "value" | "definition",
  payload: Uint8Array,
  options: LocalOptions,
): Promise<Frame> {
  const { value } = await answers(place, wanted, payload, options).next();
  if (!value) throw new Error("The process ends with an answer or an error.");
  return value;
}

async function* answers(
  place: SourcePlace,
  wanted: LocalRequest["wanted"],
  payload: Uint8Array,
  options: LocalOptions,
): AsyncGenerator<Frame, void, undefined> {
  const { path, python } = place;
  const request = localRequest(place, wanted);
  const task = { ...options, python: options.python ?? (python || DEFAULT_PYTHON), path, request, payload };
  for await (const answer of pythonAnswers(task)) {
    const { type, message, exception, traceback } = answer.header;
    if (type === "refusal") throw new InvalidError(String(message));
    if (type === "failure") throw new RemoteError(String(exception), String(exception), String(traceback));
    yield answer;
  }
}
