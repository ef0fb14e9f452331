import * as l10n from "@vscode/l10n";
import type { Output } from "../../client/index.ts";
import { inputStatus } from "../inputCounts.ts";
import type { ResultRow } from "../model.ts";
import { cellsOf } from "./cells.ts";
import { type Decodable, type Decoded, decodedResult } from "./decodedResult.ts";
import { textPreview } from "./textPreview.ts";
import { valuePreview } from "./valueText.ts";

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

/** The value in a line, and in cells where it is a dictionary. */
export function valueSummary(output: Decodable): Pick<ResultRow, "kind" | "preview" | "cells"> {
  const value = decodedResult(output);
  const cells = value.kind === "json" ? cellsOf(value.value) : undefined;
  return { kind: value.kind, preview: preview(value), ...(cells && { cells }) };
}

function preview(value: Decoded): string {
  switch (value.kind) {
    case "json":
      return valuePreview(value.value);
    case "text":
      return textPreview(value.text);
    case "image":
      return l10n.t`${mediaName(value.mediaType)} image, ${describeSize(value.bytes.byteLength)}`;
    case "audio":
      return l10n.t`${mediaName(value.mediaType)} audio, ${describeSize(value.bytes.byteLength)}`;
    case "bytes":
      return describeSize(value.bytes.byteLength);
    case "error":
      return textPreview(value.message);
    case "opaque":
      return textPreview(value.label);
  }
}

function describeSize(bytes: number): string {
  if (bytes < 1024) return l10n.t`${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** `image/svg+xml` as `SVG`. */
function mediaName(mediaType: string): string {
  return mediaType.replace(/^\w+\/(\w+).*$/, "$1").toUpperCase();
}
