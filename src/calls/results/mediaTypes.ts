import type { AudioType, ImageType } from "../model.ts";

const HEAD_BYTES = 12;
const SVG_HEAD_CHARACTERS = 1_000;
/** Looks at the first bytes, as the file formats define them. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const head = latin1(bytes);
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "image/webp";
  const isText = /^\s*</.test(head);
  return isText && isSvg(Buffer.from(bytes.subarray(0, SVG_HEAD_CHARACTERS)).toString("utf8"))
    ? "image/svg+xml"
    : undefined;
}

export function audioType(bytes: Uint8Array): AudioType | undefined {
  const head = latin1(bytes);
  if (head.startsWith("RIFF") && head.slice(8) === "WAVE") return "audio/wav";
  if (head.startsWith("ID3") || head.startsWith("\xff\xfb")) return "audio/mpeg";
  if (head.startsWith("OggS")) return "audio/ogg";
  return head.startsWith("fLaC") ? "audio/flac" : undefined;
}

const EXTENSIONS: Readonly<Record<ImageType | AudioType, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/svg+xml": "svg",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
};

/** How the name of a file with these bytes ends, without a dot. Undefined: they are neither a picture nor a sound. */
export function mediaExtension(bytes: Uint8Array): string | undefined {
  const type = imageType(bytes) ?? audioType(bytes);
  return type && EXTENSIONS[type];
}

/** Whether a text is a picture: its first element, after declarations and comments, is `svg`. */
export function isSvg(text: string): boolean {
  let rest = text.slice(0, SVG_HEAD_CHARACTERS).trimStart();
  while (/^<[?!]/.test(rest)) {
    const closing = rest.startsWith("<!--") ? "-->" : ">";
    const end = rest.indexOf(closing);
    if (end < 0) return false;
    rest = rest.slice(end + closing.length).trimStart();
  }
  return /^<svg[\s>]/i.test(rest);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES)).toString("latin1");
}
