import type { ResultRow } from "../../../src/calls/model.ts";

/** A finished input, by when it ran where. */
export function ranRow(index: number, startedAt: number, finishedAt: number, some: Partial<ResultRow> = {}): ResultRow {
  return {
    index,
    inputId: `in-${index}`,
    status: "SUCCESS",
    kind: "json",
    preview: "1",
    size: 1,
    startedAt,
    finishedAt,
    containerId: "ta-1",
    ...some,
  };
}
