import { valueText } from "../calls/results/valueText.ts";

/** About what a model can well read at once. */
export const MAX_TEXT = 16_000;

/** The beginning of a text, with a note of what is left out. */
export function cutWithNote(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}\n[cut: the first ${limit} of ${text.length} characters]`;
}

/** The end of a text, where tracebacks say what happened, with a note of what is left out. */
export function endWithNote(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `[cut: the last ${limit} of ${text.length} characters]\n${text.slice(-limit)}`;
}

/** A value as a model reads it: text as it is, everything else as JSON where JSON can say it. */
export function valueForModel(value: unknown, limit: number): string {
  return cutWithNote(typeof value === "string" ? value : valueText(value), limit);
}
