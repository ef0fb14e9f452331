import type { Readable, Writable } from "node:stream";
import { create, toBinary } from "@bufbuild/protobuf";
import { encodeFrame, type Frame, FrameReader } from "../../proto/frames.ts";
import { DataFormat, GeneratorDoneSchema, GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import { RpcError } from "../../proto/grpc/rpcError.ts";
import { FILE_BYTES } from "../../proto/valueFiles.ts";
import { type InputKey, inputIdOf, inputKeyFromId } from "../ids.ts";
import { isFile, type Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { FramedProcess } from "./containerProcess.ts";
import { lastWords } from "./lastWords.ts";
import { MemoryWatch } from "./memoryWatch.ts";
import { readOutput, STDERR, STDOUT } from "./processOutput.ts";
import type { Worker, WorkerEvents, WorkerInput, WorkerLaunch } from "./worker.ts";

const WRITE_AS_ONE_BYTES = 64 * 1024;

/** What a container is asked to do when it has imported user code, and hears about. */
export interface TemplateOffer {
  /** Where the template reports to the engine, and with what. */
  readonly socket: string;
  readonly token: string;
  /** @param obstacle why there will be no template, as the end of a sentence; undefined where there will be one */
  answered(obstacle: string | undefined): void;
}

/** The engine's side of the conversation with a container's process. */
export class PythonWorker implements Worker {
  readonly #process: FramedProcess;
  readonly #toWorker: Writable;
  readonly #events: WorkerEvents;
  readonly #payloads: PayloadFiles;
  readonly #taskId: string;
  readonly #offer: TemplateOffer | undefined;
  readonly #gone = new AbortController();
  /** What user code waits for the answers to, by their numbers. */
  readonly #requests = new Map<unknown, AbortController>();
  readonly #memory: MemoryWatch | undefined;
  /** Inputs that were sent and have no output. */
  #held = 0;

  constructor(
    process: FramedProcess,
    payloads: PayloadFiles,
    launch: WorkerLaunch,
    events: WorkerEvents,
    offer?: TemplateOffer,
  ) {
    this.#process = process;
    this.#events = events;
    this.#payloads = payloads;
    this.#taskId = launch.taskId;
    this.#offer = offer;
    const folder = payloads.containerFolder(launch.taskId);
    this.#gone.signal.addEventListener("abort", () => folder.remove());
    this.#toWorker = process.toWorker;
    this.#toWorker.on("error", () => {}); // The other end is gone; that it is, the process tells.
    // What reaches the process's own descriptors: C code, child processes, and Python before our streams are in place.
    readOutput(process, (fileDescriptor, text) => {
      events.log({ input: undefined, fileDescriptor, at: Date.now() / 1_000, text });
    });
    this.#readFrames(process.fromWorker);
    const limitBytes = launch.memoryLimitBytes;
    this.#memory = limitBytes === undefined ? undefined : new MemoryWatch(process, limitBytes);
    process.onGone((reason) => {
      for (const { header, payload } of lastWords(folder.path)) this.#log(header, payload);
      this.#gone.abort();
      for (const waiting of this.#requests.values()) waiting.abort();
      this.#memory?.rest();
      if (this.#memory?.wasExceeded) events.exited(this.#memory.reason, true);
      else events.exited(reason);
    });
    const files = { folder: folder.path, from_bytes: FILE_BYTES };
    const template = offer && { socket: offer.socket, token: offer.token };
    this.#write({ ...startHeader(launch), files, template }, launch.instance && [launch.instance.pickled]);
  }

  send(inputs: readonly WorkerInput[]): void {
    this.#held += inputs.length;
    this.#memory?.work();
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
    this.#process.kill();
  }

  #rest(): void {
    if (this.#held === 0) this.#memory?.rest();
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
      case "forget":
        this.#requests.get(header.request)?.abort();
        break;
      case "ready":
        this.#rest();
        this.#events.ready();
        break;
      case "template":
        this.#offer?.answered(typeof header.obstacle === "string" ? header.obstacle : undefined);
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
    this.#held -= 1;
    this.#rest();
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
    const waiting = new AbortController();
    this.#requests.set(request, waiting);
    try {
      const reply = await this.#events.request({
        method: text(header.method),
        params: (header.params ?? {}) as Record<string, unknown>,
        payload,
        signal: waiting.signal,
      });
      this.#write({ type: "reply", request, ok: true, value: reply.value }, reply.payload ? [reply.payload] : []);
    } catch (error) {
      const code = error instanceof RpcError ? error.codeName : "INTERNAL";
      const message = error instanceof Error ? error.message : String(error);
      this.#write({ type: "reply", request, ok: false, error: { code, message } });
    } finally {
      this.#requests.delete(request);
    }
  }
}

function startHeader({ definition, instance, variables, app, taskId, functionId, snapshotPath }: WorkerLaunch): object {
  const { name, module, qualname, is_generator, is_async, options, cls } = definition;
  return {
    type: "start",
    snapshot: snapshotPath,
    function: { name, module, qualname, is_generator, is_async, options, cls },
    parameters: instance?.parameters ?? [],
    variables,
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
