import { createHash } from "node:crypto";
import type { Serialized } from "../results/rawResult.ts";
import { canonicalText } from "./canonicalText.ts";

/** Shorter texts are their own digest. */
const MAX_TEXT = 32;

/** A short text that two results share when they have the same content. Of failures, the exception counts, and not where it was raised. */
export function contentDigest(output: Serialized): string {
  if (output.status !== "SUCCESS") return digest(`failed ${output.status} ${output.exception}`);
  try {
    const text = canonicalText(output.value());
    if (text !== undefined) return digest(text);
  } catch {
    // What cannot be read here has its serialized bytes to be compared by.
  }
  return digest(output.data ?? new Uint8Array());
}

function digest(content: string | Uint8Array): string {
  if (typeof content === "string" && content.length < MAX_TEXT) return content;
  return createHash("sha256").update(content).digest("base64");
}
