import type { Readable, Writable } from "node:stream";

/** The process of a container. */
export interface ContainerProcess {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Ends it and what it has started, at once. */
  kill(): void;
  /**
   * Calls the listener once, when the process is gone and what it wrote has been read.
   *
   * @param listener is told how it ended, as the end of a sentence: "was killed by SIGKILL"
   */
  onGone(listener: (reason: string) => void): void;
}

/** One that is spoken with by frames. */
export interface FramedProcess extends ContainerProcess {
  /** Frames to it. */
  readonly toWorker: Writable;
  /** Frames from it. Its stdout is not for them: user prints are logs. */
  readonly fromWorker: Readable;
}

/** How long the pipes of a process that is gone may still be read: one that left its group may hold them open. */
export const PIPES_AFTER_EXIT_MS = 1_000;
