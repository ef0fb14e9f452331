import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";

/** The interpreter under test: `SPAWNPOINT_PYTHON` chooses another. */
export const PYTHON = process.env.SPAWNPOINT_PYTHON ?? "python3";
const PYTHON_SIDE = join(import.meta.dirname, "../../src/python");
const PATIENCE_MS = 20_000;

export interface Frame {
  readonly header: Record<string, unknown>;
  readonly payload: Buffer;
}

export interface SentInput {
  readonly id: string;
  readonly format?: number;
  readonly data?: Uint8Array;
  readonly call?: string;
  readonly method?: string;
}

/** What an instance of a class is made with: typed parameters, or the pickled arguments of its constructor. */
export interface InstanceArguments {
  readonly parameters?: readonly { name: string; type: string; value: unknown }[];
  readonly pickled?: Uint8Array;
}

/** Answers a worker's request: a value with a payload, or an error. */
export type RequestHandler = (
  method: string,
  params: Record<string, unknown>,
  payload: Buffer,
) => { value: object; payload?: Uint8Array } | { error: { code: string; message: string } } | undefined;

/** A folder of Python files that is removed by `await using`. */
export class Project implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Record<string, string>): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "spawnpoint-python-")));
    for (const [name, text] of Object.entries(files)) await writeFile(project.path(name), text);
    return project;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What `describe.py` says about a file: its one JSON object, as it stands. */
export async function describeFile(path: string): Promise<Record<string, unknown>> {
  const child = spawn(PYTHON, ["-W", "error", join(PYTHON_SIDE, "describe.py"), path, "deployment"], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  let text = "";
  for await (const chunk of child.stdio[3] as Readable) text += String(chunk);
  return JSON.parse(text) as Record<string, unknown>;
}

/** A real worker process with this process in the place of the engine. */
export class Worker implements AsyncDisposable {
  readonly frames: Frame[] = [];
  readonly exited: Promise<number | null>;
  /** What came over the raw descriptors 1 and 2. */
  rawOutput = "";
  onRequest: RequestHandler = () => undefined;
  readonly #child: ChildProcess;
  readonly #toWorker: Writable;
  #unread: Buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#toWorker = child.stdio[3] as Duplex;
    this.#toWorker.on("error", () => undefined); // the worker may be gone already: its exit says so
    (child.stdio[4] as Readable).on("data", (chunk: Buffer) => this.#read(chunk));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.rawOutput += String(chunk);
        this.#wake();
      });
    }
    this.exited = new Promise((resolve) => {
      child.on("close", (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  /** Describes `file`, and starts a worker for one of its functions from the snapshot. */
  static async start(
    project: Project,
    file: string,
    functionName: string,
    onRequest?: RequestHandler,
    instance: InstanceArguments = {},
  ): Promise<Worker> {
    const description = await describeFile(project.path(file));
    if (description.ok !== true) throw new Error(String(description.message));
    const snapshot = project.path("snapshot.json");
    await writeFile(snapshot, JSON.stringify(description));
    const apps = description.apps as { name: string; functions: Record<string, unknown>[] }[];
    const app = apps.find((candidate) => candidate.functions.some((entry) => entry.name === functionName));
    const worker = new Worker(
      spawn(PYTHON, ["-W", "error", join(PYTHON_SIDE, "worker.py")], {
        stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      }),
    );
    if (onRequest) worker.onRequest = onRequest;
    const start = {
      type: "start",
      snapshot,
      function: app?.functions.find((entry) => entry.name === functionName) ?? {
        name: functionName,
        is_async: false,
      },
      parameters: instance.parameters ?? [],
      app: { id: "ap-1", name: app?.name ?? apps[0]?.name ?? "" },
      task: "ta-1",
      function_id: "fu-1",
    };
    worker.send(start, instance.pickled);
    return worker;
  }

  send(header: object, payload: Uint8Array = new Uint8Array()): void {
    const text = Buffer.from(JSON.stringify(header));
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE(text.length, 0);
    lengths.writeUInt32BE(payload.length, 4);
    this.#toWorker.write(Buffer.concat([lengths, text, payload]));
  }

  sendInputs(...inputs: SentInput[]): void {
    const entries = inputs.map(({ id, format = 4, data, call = "fc-1", method }) => ({
      id,
      call,
      format,
      size: data?.length ?? 0,
      method: method ?? null,
    }));
    this.send({ type: "inputs", inputs: entries }, Buffer.concat(inputs.map(({ data }) => data ?? new Uint8Array())));
  }

  /** The output of an input, as soon as it has come. */
  output(inputId: string): Promise<Frame> {
    return this.frame(`an output of ${inputId}`, ({ header }) => header.type === "output" && header.input === inputId);
  }

  /** The first frame, past or future, for which `wanted` holds. */
  frame(what: string, wanted: (frame: Frame) => boolean): Promise<Frame> {
    return this.#until(what, () => this.frames.find(wanted));
  }

  /** Waits for text over the raw descriptors: nothing says when it comes, compared with frames. */
  async prints(pattern: RegExp): Promise<void> {
    await this.#until(`raw output ${pattern}`, () => pattern.test(this.rawOutput) || undefined);
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || Date.now() > deadline) {
        throw new Error(
          `The worker did not send ${what}. ${this.rawOutput}\n${JSON.stringify(this.frames.map((f) => f.header))}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  ready(): Promise<Frame> {
    return this.frame("ready", ({ header }) => header.type === "ready");
  }

  /** Everything that was printed so far for an input, of one stream. */
  logs(inputId: string | null, fd: 1 | 2): string {
    return this.frames
      .filter(({ header }) => header.type === "log" && header.input === inputId && header.fd === fd)
      .map(({ payload }) => payload.toString())
      .join("");
  }

  /** The engine's end of the pipe goes away, as when the engine dies. */
  hangUp(): void {
    this.#toWorker.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length >= 8) {
      const headerEnd = 8 + this.#unread.readUInt32BE(0);
      const end = headerEnd + this.#unread.readUInt32BE(4);
      if (this.#unread.length < end) break;
      const header = JSON.parse(this.#unread.toString("utf8", 8, headerEnd)) as Record<string, unknown>;
      this.#take({ header, payload: Buffer.from(this.#unread.subarray(headerEnd, end)) });
      this.#unread = this.#unread.subarray(end);
    }
    this.#wake();
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    if (frame.header.type !== "request") return;
    const { request, method, params } = frame.header as {
      request: number;
      method: string;
      params: Record<string, unknown>;
    };
    const answer = this.onRequest(method, params, frame.payload);
    if (!answer) return;
    if ("error" in answer) this.send({ type: "reply", request, ok: false, error: answer.error });
    else this.send({ type: "reply", request, ok: true, value: answer.value }, answer.payload);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A worker for a function of a source of its own; both go by `await using`. */
export async function workerOf(source: string, functionName: string, instance?: InstanceArguments) {
  const project = await Project.create({ "app_file.py": source });
  const worker = await Worker.start(project, "app_file.py", functionName, undefined, instance);
  return {
    worker,
    [Symbol.asyncDispose]: async () => {
      await worker[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}
