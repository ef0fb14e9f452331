import { DataFormat, type GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import type { Payload } from "../payloads/payload.ts";

/** What became of one run of an input. Times in unix seconds. */
export interface Outcome {
  readonly status: Status;
  readonly dataFormat: number;
  readonly taskId: string;
  readonly startedAt: number;
  readonly createdAt: number;
  readonly exception: string;
  readonly traceback: string;
  readonly data: Payload;
}

export const CANCELLED = "The input was cancelled.";

/** An end that user code did not bring about. `at` is when, in unix seconds. */
export function outcomeWithoutData(
  status: Status,
  exception: string,
  at: number,
  known: Partial<Pick<Outcome, "taskId" | "startedAt" | "traceback">> = {},
): Outcome {
  return {
    status,
    dataFormat: DataFormat.UNSPECIFIED,
    taskId: "",
    startedAt: at,
    createdAt: at,
    exception,
    traceback: "",
    data: new Uint8Array(),
    ...known,
  };
}
