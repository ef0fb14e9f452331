import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { create, toBinary } from "@bufbuild/protobuf";
import { encodeFrame, type Frame, FrameReader } from "../../proto/frames.ts";
import { DataFormat, GeneratorDoneSchema, GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import { RpcError } from "../../proto/grpc/rpcError.ts";
import { type InputKey, inputIdOf, inputKeyFromId } from "../ids.ts";
import { FILE_BYTES, isFile, type Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import { type PythonFolders, pythonEnvironment, scriptPath, workingFolder } from "./pythonEnvironment.ts";
import type { StartWorker, Worker, WorkerEvents, WorkerInput, WorkerLaunch } from "./worker.ts";

const STDOUT = 1;
const STDERR = 2;
/** File descriptors of the child, apart from its stdout: user prints are logs. */
const TO_WORKER = 3;
const FROM_WORKER = 4;
/** How long the pipes of a worker that is gone may still be read. */
const PIPES_AFTER_EXIT_MS = 1_000;
const WRITE_AS_ONE_BYTES = 64 * 1024;

/** Starts containers as Python processes of this machine, each with `worker.py` in it. */
export function pythonWorkers(folders: PythonFolders, payloads: PayloadFiles): StartWorker {
  return (launch, events) => new PythonWorker(folders, payloads, launch, events);
}

class PythonWorker implements Worker {
  readonly #process: ChildProcess;
  readonly #toWorker: Writable;
  readonly #events: WorkerEvents;
  readonly #payloads: PayloadFiles;
  readonly #taskId: string;
  readonly #gone = new AbortController();

  constructor(folders: PythonFolders, payloads: PayloadFiles, launch: WorkerLaunch, events: WorkerEvents) {
    this.#events = events;
    this.#payloads = payloads;
    this.#taskId = launch.taskId;
    const folder = payloads.containerFolder(launch.taskId);
    this.#gone.signal.addEventListener("abort", () => folder.remove());
    this.#process = spawn(launch.python, ["-u", scriptPath(folders, "worker.py")], {
      cwd: workingFolder(launch.workingFolder, folders.scripts),
      env: pythonEnvironment(folders),
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      // A process group of its own: Ctrl-C at the engine's terminal is the engine's to handle, and kill() reaches grandchildren.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#toWorker = this.#process.stdio[TO_WORKER] as Writable;
    this.#toWorker.on("error", () => {}); // The other end is gone; `close` tells.
    this.#readLogs(this.#process.stdout, STDOUT);
    this.#readLogs(this.#process.stderr, STDERR);
    this.#readFrames(this.#process.stdio[FROM_WORKER] as Readable);
    this.#reportExit(launch);
    const files = { folder: folder.path, from_bytes: FILE_BYTES };
    this.#write({ ...startHeader(launch), files }, launch.instance && [launch.instance.pickled]);
  }

  send(inputs: readonly WorkerInput[]): void {
    const header = {
      type: "inputs",
      inputs: inputs.map((input) => ({
        id: inputIdOf(input.key),
        call: input.functionCallId,
        format: input.dataFormat,
        method: input.methodName ?? null,
        ...this.#payloads.place(input.args),
      })),
    };
    this.#write(
      header,
      inputs.flatMap(({ args }) => (isFile(args) ? [] : [args])),
    );
  }

  recall(inputs: readonly InputKey[]): void {
    this.#write({ type: "recall", inputs: inputs.map(inputIdOf) });
  }

  cancel(inputs: readonly InputKey[]): void {
    this.#write({ type: "cancel", inputs: inputs.map(inputIdOf) });
  }

  stop(): void {
    this.#write({ type: "stop" });
  }

  kill(): void {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    if (process.platform === "win32") this.#process.kill("SIGKILL");
    else this.#killGroup();
  }

  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined || process.platform === "win32") return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Nobody is left in it.
    }
  }

  #write(header: object, payloads: readonly Uint8Array[] = []): void {
    if (!this.#toWorker.writable) return;
    const parts = encodeFrame(header, payloads);
    const size = parts.reduce((total, part) => total + part.length, 0);
    if (size <= WRITE_AS_ONE_BYTES) {
      // Copying many small parts into one costs far less than handing each of them to the system.
      this.#toWorker.write(Buffer.concat(parts, size));
      return;
    }
    this.#toWorker.cork();
    for (const part of parts) this.#toWorker.write(part);
    this.#toWorker.uncork();
  }

  #readFrames(stream: Readable): void {
    const reader = new FrameReader();
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => {
      try {
        for (const frame of reader.read(chunk)) this.#handle(frame);
      } catch (error) {
        const text = `The worker's answer could not be read (${String(error)}); the container is ended.\n`;
        this.#events.log({ input: undefined, fileDescriptor: STDERR, at: Date.now() / 1_000, text });
        stream.destroy(); // What comes after it would be read from the wrong place.
        this.kill();
      }
    });
  }

  /** What reaches the process's own descriptors: C code, child processes, and Python before our streams are in place. */
  #readLogs(stream: Readable | null, fileDescriptor: number): void {
    const decoder = new StringDecoder("utf8");
    stream?.on("error", () => {});
    stream?.on("data", (chunk: Buffer) => {
      const text = decoder.write(chunk);
      if (text) this.#events.log({ input: undefined, fileDescriptor, at: Date.now() / 1_000, text });
    });
  }

  #reportExit(launch: WorkerLaunch): void {
    let startError: Error | undefined;
    const exited = (reason: string) => {
      if (this.#gone.signal.aborted) return;
      this.#gone.abort();
      this.#events.exited(reason);
    };
    this.#process.on("error", (error) => {
      startError = error;
      // No process, no `close`: nothing else would tell.
      if (this.#process.pid === undefined) exited(`could not be started as ${launch.python} (${error.message})`);
    });
    // `close` comes after the pipes are read to their end, so no output that was written is lost.
    this.#process.on("close", (code, signal) => {
      if (startError) exited(`failed (${startError.message})`);
      else exited(signal ? `was killed by ${signal}` : `ended with exit code ${code}`);
    });
    this.#process.on("exit", () => {
      this.#killGroup(); // What user code started ends with its container.
      // A grandchild that left the group may hold the pipes open; then `close` would never come.
      setTimeout(() => {
        for (const stream of this.#process.stdio) stream?.destroy();
      }, PIPES_AFTER_EXIT_MS).unref();
    });
  }

  #handle(frame: Frame): void {
    const { header } = frame;
    switch (header.type) {
      case "output":
        this.#output(header, this.#payloadOf(frame));
        break;
      case "item":
        this.#item(header, this.#payloadOf(frame));
        break;
      case "log":
        this.#log(header, frame.payload);
        break;
      case "request":
        void this.#answer(header, this.#bytesOf(frame));
        break;
      case "ready":
        this.#events.ready();
        break;
      case "failed":
        this.#events.failed({ exception: text(header.exception), traceback: text(header.traceback) });
        break;
      default:
        throw new Error(`frame type ${String(header.type)} is not known`);
    }
  }

  /** The payload of a frame, which a worker writes to a file when it is large. */
  #payloadOf({ header, payload }: Frame): Payload {
    return typeof header.file === "string" ? this.#payloads.adopt(this.#taskId, header.file) : payload;
  }

  #bytesOf({ header, payload }: Frame): Uint8Array {
    return typeof header.file === "string" ? this.#payloads.readOnce(this.#taskId, header.file) : payload;
  }

  #log(header: Frame["header"], payload: Uint8Array): void {
    this.#events.log({
      input: inputKeyFromId(text(header.input)),
      fileDescriptor: header.fd === STDERR ? STDERR : STDOUT,
      at: Number(header.at),
      text: Buffer.from(payload).toString("utf8"),
    });
  }

  #item(header: Frame["header"], data: Payload): void {
    this.#events.item({ input: inputOf(header), dataFormat: Number(header.format), data });
  }

  #output(header: Frame["header"], payload: Payload): void {
    const dataFormat = Number(header.format);
    this.#events.output({
      input: inputOf(header),
      status: statusFromName(text(header.status)),
      dataFormat,
      startedAt: Number(header.started),
      endedAt: Number(header.ended),
      exception: text(header.exception),
      traceback: text(header.traceback),
      data: dataFormat === DataFormat.GENERATOR_DONE ? generatorDone(Number(header.items)) : payload,
    });
  }

  async #answer(header: Frame["header"], payload: Uint8Array): Promise<void> {
    const { request } = header;
    try {
      const reply = await this.#events.request({
        method: text(header.method),
        params: (header.params ?? {}) as Record<string, unknown>,
        payload,
        signal: this.#gone.signal,
      });
      this.#write({ type: "reply", request, ok: true, value: reply.value }, reply.payload ? [reply.payload] : []);
    } catch (error) {
      const code = error instanceof RpcError ? error.codeName : "INTERNAL";
      const message = error instanceof Error ? error.message : String(error);
      this.#write({ type: "reply", request, ok: false, error: { code, message } });
    }
  }
}

function startHeader({ definition, instance, app, taskId, functionId, snapshotPath }: WorkerLaunch): object {
  const { name, module, qualname, is_generator, is_async, options, cls } = definition;
  return {
    type: "start",
    snapshot: snapshotPath,
    function: { name, module, qualname, is_generator, is_async, options, cls },
    parameters: instance?.parameters ?? [],
    app,
    task: taskId,
    function_id: functionId,
  };
}

function inputOf(header: Frame["header"]): InputKey {
  const input = inputKeyFromId(text(header.input));
  if (input === undefined) throw new Error(`a frame names no input: ${text(header.input)}`);
  return input;
}

function generatorDone(items: number): Uint8Array {
  return toBinary(GeneratorDoneSchema, create(GeneratorDoneSchema, { itemsTotal: BigInt(items) }));
}

function statusFromName(name: string): Status {
  if (name === "SUCCESS") return Status.SUCCESS;
  if (name === "TERMINATED") return Status.TERMINATED;
  if (name === "FAILURE") return Status.FAILURE;
  throw new Error(`output status ${name} is not known`);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
