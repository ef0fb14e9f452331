import type { Socket } from "node:net";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { endReason } from "../../../proto/processEnd.ts";
import { ForkedProcess } from "./forkedProcess.ts";
import type { Arrival, Reception } from "./reception.ts";
import { Spare } from "./spare.ts";

/** What a container calls the streams that it connects. */
const CHILD_STREAMS = ["stdout", "stderr", "from-engine", "to-engine"];

interface Birth {
  readonly sockets: Map<string, Socket>;
  born(process: ForkedProcess): void;
  failed(error: Error): void;
}

/** A container could not be forked, or has ended with an exit code or by the signal of that number. */
interface Message {
  readonly token: string;
  readonly failed?: string;
  readonly code?: number;
  readonly signal?: number;
}

/** The engine's end of a process that has imported a version's code, and forks containers from it. */
export class Template {
  readonly #socket: Socket;
  readonly #reception: Reception;
  readonly #births = new Map<string, Birth>();
  readonly #children = new Map<string, ForkedProcess>();
  readonly #spare = new Spare(() => this.#fork());

  /**
   * @param socket the template's connection, on which it is told to fork and tells how its containers end
   * @param onGone the process is gone, whoever ended it
   */
  constructor(socket: Socket, reception: Reception, onGone: () => void) {
    this.#socket = socket;
    this.#reception = reception;
    const lines = createInterface({ input: socket });
    lines.on("error", () => {}); // It passes the socket's on, as when a template is killed that had not read all. `close` comes too.
    lines.on("line", (line) => {
      try {
        this.#handle(JSON.parse(line));
      } catch {
        socket.destroy(); // What comes after it could not be understood either.
      }
    });
    socket.once("close", () => {
      for (const token of [...this.#births.keys()]) this.#fail(token, "the template is gone");
      this.endSpare();
      for (const child of this.#children.values()) child.orphaned();
      this.#children.clear();
      onGone();
    });
  }

  /**
   * A container that waits for its start frame: the one that was forked ahead, or another.
   *
   * @throws Error when there is none, for whatever reason
   */
  async container(): Promise<ForkedProcess> {
    return (await this.#spare.take()) ?? (await this.#fork());
  }

  /** Forks a container ahead of need. Without effect when there is one already. */
  forkAhead(): void {
    this.#spare.keep();
  }

  /** Ends the container that was forked ahead. */
  endSpare(): void {
    void this.#spare.end();
  }

  /** Ends the process. Not while it has containers: nobody else would tell how they end. */
  close(): void {
    this.#socket.destroy();
  }

  #fork(): Promise<ForkedProcess> {
    return new Promise((born, failed) => {
      const token = this.#reception.expect((arrival) => this.#arrived(token, arrival));
      this.#births.set(token, { sockets: new Map(), born, failed });
      if (this.#socket.writable) this.#socket.write(`${JSON.stringify({ fork: token })}\n`);
      else this.#fail(token, "the template is gone");
    });
  }

  #arrived(token: string, { socket, stream, pid }: Arrival): void {
    const birth = this.#births.get(token);
    if (!birth) return;
    birth.sockets.set(stream, socket);
    const [stdout, stderr, toWorker, fromWorker] = CHILD_STREAMS.map((name) => birth.sockets.get(name));
    if (!stdout || !stderr || !toWorker || !fromWorker || !(pid > 1)) return;
    this.#reception.forget(token);
    this.#births.delete(token);
    const child = new ForkedProcess(pid, { stdout, stderr, toWorker, fromWorker });
    this.#children.set(token, child);
    birth.born(child);
  }

  #handle({ token, failed, code, signal }: Message): void {
    const reason = endReason(code ?? null, signal === undefined ? null : signalName(signal));
    if (this.#births.has(token)) this.#fail(token, failed ?? `its process ${reason}`);
    this.#children.get(token)?.ended(reason);
    this.#children.delete(token);
  }

  #fail(token: string, message: string): void {
    const birth = this.#births.get(token);
    this.#births.delete(token);
    this.#reception.forget(token);
    for (const socket of birth?.sockets.values() ?? []) socket.destroy();
    birth?.failed(new Error(message));
  }
}

function signalName(number: number): string {
  const names = Object.entries(constants.signals) as [string, number][];
  return names.find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
