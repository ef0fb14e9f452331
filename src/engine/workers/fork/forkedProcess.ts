import type { Socket } from "node:net";
import { type FramedProcess, PIPES_AFTER_EXIT_MS } from "../containerProcess.ts";
import { killTree } from "../processTree.ts";

/** The sockets of a container. Those of its frames are two: one that cannot be written to any more is no longer read either. */
interface Streams {
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly toWorker: Socket;
  readonly fromWorker: Socket;
}

/** A container that a template forked: it connects a socket for each of its streams, and the template tells of its end. */
export class ForkedProcess implements FramedProcess {
  readonly pid: number;
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly toWorker: Socket;
  readonly fromWorker: Socket;
  readonly #open: Set<Socket>;
  #endReason: string | undefined;
  #listener: ((reason: string) => void) | undefined;

  constructor(pid: number, { stdout, stderr, toWorker, fromWorker }: Streams) {
    this.pid = pid;
    this.stdout = stdout;
    this.stderr = stderr;
    this.toWorker = toWorker;
    this.fromWorker = fromWorker;
    toWorker.resume(); // Nothing comes from there but its end.
    this.#open = new Set([stdout, stderr, toWorker, fromWorker]);
    for (const socket of this.#open) {
      if (socket.destroyed) this.#open.delete(socket);
      else socket.once("close", () => this.#closed(socket));
    }
  }

  get hasEnded(): boolean {
    return this.#endReason !== undefined;
  }

  kill(): void {
    if (this.#endReason === undefined) killTree(this.pid);
  }

  onGone(listener: (reason: string) => void): void {
    this.#listener = listener;
    this.#tellIfGone();
  }

  /** The process has ended, and with it its group. */
  ended(reason: string): void {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, PIPES_AFTER_EXIT_MS).unref();
    this.#tellIfGone();
  }

  /** Nobody will tell of its end any more: it has ended when its frames have. */
  orphaned(): void {
    const end = () => {
      if (this.#endReason !== undefined) return;
      killTree(this.pid);
      this.ended("ended after its template was gone, so how is not known");
    };
    if (this.#open.has(this.fromWorker)) this.fromWorker.once("close", end);
    else end();
  }

  #closed(socket: Socket): void {
    this.#open.delete(socket);
    this.#tellIfGone();
  }

  #tellIfGone(): void {
    if (this.#endReason === undefined || this.#open.size > 0) return;
    this.#listener?.(this.#endReason);
    this.#listener = undefined;
  }
}
