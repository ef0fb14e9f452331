import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { ContainerProcess } from "./containerProcess.ts";

export const STDOUT = 1;
export const STDERR = 2;

/** Passes on what a process writes to its own descriptors. */
export function readOutput(
  { stdout, stderr }: ContainerProcess,
  onText: (fileDescriptor: number, text: string) => void,
): void {
  readText(stdout, (text) => onText(STDOUT, text));
  readText(stderr, (text) => onText(STDERR, text));
}

function readText(stream: Readable | null, onText: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  stream?.on("error", () => {});
  stream?.on("data", (chunk: Buffer) => {
    const text = decoder.write(chunk);
    if (text) onText(text);
  });
}
