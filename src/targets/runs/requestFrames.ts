import type { Readable, Writable } from "node:stream";
import { encodeFrame, FrameReader } from "../../proto/frames.ts";
import type { RunRequests } from "./runRequests.ts";

/** Writes whole frames to a pipe. */
export class FrameWriter {
  readonly #pipe: Writable;

  constructor(pipe: Writable) {
    this.#pipe = pipe;
  }

  write(header: object, payload: Uint8Array): void {
    this.#pipe.cork();
    for (const bytes of encodeFrame(header, [payload])) this.#pipe.write(bytes);
    this.#pipe.uncork();
  }
}

/** Answers what a Python process asks on one pipe by another, until that process is gone. */
export function answerRequests(asked: Readable, replies: FrameWriter, requests: RunRequests): void {
  const reader = new FrameReader();
  asked.on("data", (chunk: Buffer) => {
    for (const frame of reader.read(chunk)) {
      if (frame.header.type === "forget") requests.forget(frame);
      else void requests.answer(frame).then(([header, payload]) => replies.write(header, payload));
    }
  });
}
