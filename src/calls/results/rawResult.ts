import { jsonText } from "../../inputs/valueJson.ts";
import type { Decodable } from "./decodedResult.ts";
import { isSvg, mediaExtension } from "./mediaTypes.ts";

/** A result as a file has it. */
export interface RawResult {
  readonly bytes: Uint8Array;
  /** Of the file's name, without a dot. */
  readonly extension: string;
}

/** Something whose serialized value can be had, whatever it is. */
export type Serialized = Decodable & { readonly data?: Uint8Array };

/** Bytes as they are, text as UTF-8, a failure with its traceback, other values as JSON; what has no value here as it came over the wire. */
export function rawResult(output: Serialized): RawResult {
  if (output.status !== "SUCCESS") return text(`${output.exception}\n${output.traceback}`, "txt");
  let value: unknown;
  try {
    value = output.value();
  } catch {
    return { bytes: output.data ?? new Uint8Array(), extension: "bin" };
  }
  if (value instanceof Uint8Array) return { bytes: value, extension: mediaExtension(value) ?? "bin" };
  if (typeof value === "string") return text(value, isSvg(value) ? "svg" : "txt");
  return text(`${jsonText(value, 2)}\n`, "json");
}

function text(content: string, extension: string): RawResult {
  return { bytes: new TextEncoder().encode(content), extension };
}
