import * as l10n from "@vscode/l10n";
import { type Output, PythonObject } from "../../client/index.ts";
import type { ResultValue } from "../model.ts";
import { audioType, imageType, isSvg } from "./mediaTypes.ts";

/** A page must not hold more than this of a picture or a sound; what is larger is shown as bytes. */
const MAX_MEDIA_BYTES = 32 * 1024 * 1024;

/** Something that has a value, or says why it has none. */
export type Decodable = Pick<Output, "status" | "exception" | "traceback" | "isLoaded" | "value">;

/** A result, by how it is drawn, with JSON not yet written as text. */
export type Decoded =
  | Exclude<ResultValue, { readonly kind: "json" }>
  | { readonly kind: "json"; readonly value: unknown };

/** Decodes a result, which may be anything. Never throws. */
export function decodedResult(output: Decodable): Decoded {
  if (output.status !== "SUCCESS") {
    return { kind: "error", message: output.exception || output.status, traceback: output.traceback };
  }
  // Lists would otherwise download what nobody may ever look at.
  if (!output.isLoaded) return { kind: "opaque", label: l10n.t("A large value, which is loaded when it is opened.") };
  try {
    return classified(output.value());
  } catch (error) {
    // A result that cannot be decoded here is still a result: it says what it is.
    return { kind: "opaque", label: error instanceof Error ? error.message : String(error) };
  }
}

function classified(value: unknown): Decoded {
  if (typeof value === "string")
    return isSvg(value) ? media(new TextEncoder().encode(value)) : { kind: "text", text: value };
  if (value instanceof PythonObject) return { kind: "opaque", label: value.text };
  return value instanceof Uint8Array ? media(value) : { kind: "json", value };
}

function media(bytes: Uint8Array): Decoded {
  const image = bytes.byteLength <= MAX_MEDIA_BYTES ? imageType(bytes) : undefined;
  if (image) return { kind: "image", mediaType: image, bytes };
  const audio = bytes.byteLength <= MAX_MEDIA_BYTES ? audioType(bytes) : undefined;
  return audio ? { kind: "audio", mediaType: audio, bytes } : { kind: "bytes", bytes };
}
