import type { LogEntry } from "../client/index.ts";
import type { LogLine } from "./model.ts";

/** What is shown of an entry in logs. */
export function logLine(entry: LogEntry): LogLine {
  return {
    at: entry.at,
    stream: entry.source,
    text: entry.text,
    inputId: entry.inputId,
    containerId: entry.taskId,
  };
}
