import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** A message of the Debug Adapter Protocol, as far as the test reads it. */
interface AdapterMessage {
  readonly type: "event" | "response";
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: AdapterBody;
}

interface AdapterBody {
  readonly reason?: string;
  readonly threadId?: number;
  readonly output?: string;
  readonly stackFrames?: readonly { readonly name: string; readonly line: number }[];
}

/** debugpy's adapter in a process of its own, spoken to as an editor does. https://microsoft.github.io/debug-adapter-protocol */
export class DebugAdapter {
  readonly #process: ChildProcess;
  readonly #messages: AdapterMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #bytes = Buffer.alloc(0);
  #sent = 0;

  /** @param python an interpreter with the package debugpy */
  constructor(python: string) {
    this.#process = spawn(python, ["-m", "debugpy.adapter"], { stdio: ["pipe", "pipe", "inherit"] });
    (this.#process.stdout as Readable).on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** @throws Error when the adapter refuses */
  async request(command: string, args: object): Promise<AdapterBody> {
    const seen = this.#messages.length;
    this.send(command, args);
    const answer = await this.next((message) => message.command === command, seen);
    if (!answer.success) throw new Error(`${command}: ${answer.message}`);
    return answer.body ?? {};
  }

  send(command: string, args: object): void {
    const text = JSON.stringify({ seq: ++this.#sent, type: "request", command, arguments: args });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  /** Waits for an event, counting those that have come. */
  async event(name: string): Promise<AdapterBody> {
    return (await this.next((message) => message.event === name)).body ?? {};
  }

  /** All that the debugged process printed so far. */
  get printed(): string {
    const outputs = this.#messages.filter(({ event }) => event === "output");
    return outputs.map(({ body }) => body?.output ?? "").join("");
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill();
    await once(this.#process, "exit");
  }

  async next(isWanted: (message: AdapterMessage) => boolean, from = 0): Promise<AdapterMessage> {
    for (;;) {
      const found = this.#messages.slice(from).find(isWanted);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(this.#bytes.subarray(0, end).toString())?.[1]);
      if (end === -1 || this.#bytes.length < end + 4 + length) break;
      this.#messages.push(JSON.parse(this.#bytes.subarray(end + 4, end + 4 + length).toString()));
      this.#bytes = this.#bytes.subarray(end + 4 + length);
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
