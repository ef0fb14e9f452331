import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Frame, FrameReader } from "../../proto/frames.ts";

/** In a container's folder, one for each of its streams; `spawnpoint/logs.py` writes them. */
const FILES = ["last-words-1", "last-words-2"];

/** The frames of what a container that died had begun to print. */
export function lastWords(folder: string): Frame[] {
  return FILES.flatMap((name) => frameIn(join(folder, name)) ?? []);
}

function frameIn(path: string): Frame | undefined {
  try {
    const bytes = readFileSync(path);
    // Lengths of nothing: all that was begun was sent. Longer frames of before may stand behind the one that counts.
    if (bytes.readUInt32BE(0) === 0) return undefined;
    const [frame] = new FrameReader().read(bytes);
    return frame && { ...frame, header: { ...frame.header, at: statSync(path).mtimeMs / 1_000 } };
  } catch {
    return undefined; // It printed nothing, or died while it wrote this.
  }
}
