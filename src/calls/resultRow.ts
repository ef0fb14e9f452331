import * as l10n from "@vscode/l10n";
import { type Output, PythonObject } from "../client/index.ts";
import { cellsOf } from "./cells.ts";
import { inputStatus } from "./inputCounts.ts";
import type { ResultRow, ResultValue, ValueKind } from "./model.ts";
import { textPreview } from "./textPreview.ts";
import { valuePreview, valueText } from "./valueText.ts";

const HEAD_BYTES = 4096;

/** What a list needs of an output. The value is decoded once and let go. */
export function resultRow(output: Output): ResultRow {
  return {
    index: output.index,
    inputId: output.inputId,
    status: inputStatus(output.status),
    ...valueSummary(output),
    size: output.size,
    startedAt: output.startedAt,
    finishedAt: output.createdAt,
    containerId: output.taskId,
  };
}

/** Something that has a value, or says why it has none. */
export type Decodable = Pick<Output, "status" | "exception" | "traceback" | "isLoaded" | "value">;

/** The value in a line, and in cells where it is a dictionary. */
export function valueSummary(output: Decodable): Pick<ResultRow, "kind" | "preview" | "cells"> {
  const value = decoded(output);
  const cells = value.kind === "json" ? cellsOf(value.value) : undefined;
  return { kind: valueKind(value), preview: preview(value), ...(cells && { cells }) };
}

/** The whole value, as it is drawn. */
export function resultValue(output: Decodable): ResultValue {
  const value = decoded(output);
  switch (value.kind) {
    case "error":
    case "opaque":
      return value;
    case "image":
      // A copy: VS Code sends plain `Uint8Array`s to pages as they are, with all of their buffer.
      return { kind: "image", mediaType: value.mediaType, bytes: new Uint8Array(value.bytes) };
    case "bytes":
      return { kind: "bytes", size: value.bytes.byteLength, head: new Uint8Array(value.bytes.subarray(0, HEAD_BYTES)) };
    case "text":
      return { kind: "text", text: value.text };
    case "json":
      return { kind: "json", text: valueText(value.value) };
  }
}

type Decoded =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly mediaType: ImageType; readonly bytes: Uint8Array }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "error"; readonly message: string; readonly traceback: string }
  | { readonly kind: "opaque"; readonly label: string };

type ImageType = Extract<ResultValue, { kind: "image" }>["mediaType"];

function decoded(output: Decodable): Decoded {
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
  if (typeof value === "string") return { kind: "text", text: value };
  if (value instanceof PythonObject) return { kind: "opaque", label: value.text };
  if (!(value instanceof Uint8Array)) return { kind: "json", value };
  const mediaType = imageType(value);
  return mediaType ? { kind: "image", mediaType, bytes: value } : { kind: "bytes", bytes: value };
}

function valueKind(value: Decoded): ValueKind {
  return value.kind;
}

function preview(value: Decoded): string {
  switch (value.kind) {
    case "json":
      return valuePreview(value.value);
    case "text":
      return textPreview(value.text);
    case "image":
      return imagePreview(value.mediaType, value.bytes);
    case "bytes":
      return describeSize(value.bytes.byteLength);
    case "error":
      return textPreview(value.message);
    case "opaque":
      return textPreview(value.label);
  }
}

function imagePreview(mediaType: ImageType, { byteLength }: Uint8Array): string {
  const format = mediaType.slice("image/".length).toUpperCase();
  return l10n.t`${format} image, ${describeSize(byteLength)}`;
}

function describeSize(bytes: number): string {
  if (bytes < 1024) return l10n.t`${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Looks at the first bytes, as the file formats define them. */
function imageType(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "image/webp";
  return undefined;
}
