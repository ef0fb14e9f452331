import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ModalClient } from "../../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../../proto/grpc/rpcServer.ts";
import { calledBy } from "../../deploy/classes.ts";
import type { InputKey } from "../../ids.ts";
import type { PayloadFiles } from "../../payloads/payloadFiles.ts";
import { MemoryWatch } from "../memoryWatch.ts";
import { readOutput, STDERR, STDOUT } from "../processOutput.ts";
import type { PythonFolders } from "../pythonEnvironment.ts";
import { SpawnedProcess } from "../spawnedProcess.ts";
import type { Worker, WorkerEvents, WorkerInput, WorkerLaunch } from "../worker.ts";
import { ContainerServer } from "./containerServer.ts";
import { Conversation } from "./conversation.ts";
import { modalProgram } from "./modalProgram.ts";
import { nestedCalls } from "./nestedCalls.ts";
import { PrintedText } from "./printedText.ts";

/** What containers of Modal's runtime need of the house. */
export interface ModalSurroundings {
  readonly folders: PythonFolders;
  readonly payloads: PayloadFiles;
  /** Modal's service, for the calls that user code makes. */
  service(): RpcHandlers<typeof ModalClient>;
  /** What a container is to run. */
  taskOf(launch: WorkerLaunch): ContainerTask;
}

export interface ContainerTask {
  /** The serialized `ContainerArguments`. */
  readonly arguments: Uint8Array;
  /** The home folder of its user code. */
  readonly home: string;
}

/** Paths of sockets end here (108 bytes on Linux, 104 on macOS). */
const LONGEST_SOCKET_PATH = 100;

/** A container that Modal's own runtime runs, which reaches the engine at a socket of its own. */
export class ModalWorker implements Worker {
  readonly #launch: WorkerLaunch;
  readonly #events: WorkerEvents;
  readonly #surroundings: ModalSurroundings;
  readonly #conversation: Conversation;
  readonly #takesBatches: boolean;
  #process: SpawnedProcess | undefined;
  readonly #printed: ReadonlyMap<number, PrintedText>;
  #memory: MemoryWatch | undefined;
  #killed = false;

  constructor(launch: WorkerLaunch, events: WorkerEvents, surroundings: ModalSurroundings) {
    this.#launch = launch;
    this.#events = events;
    this.#surroundings = surroundings;
    this.#takesBatches = Boolean(launch.definition.options.batch_max_size);
    this.#conversation = new Conversation(
      {
        ready: () => {
          this.#rest();
          events.ready();
        },
        failed: (failure) => events.failed(failure),
        item: (item) => events.item(item),
        output: (output) => {
          events.output(output);
          this.#rest();
        },
        request: (request) => events.request(request),
      },
      surroundings.payloads,
      (methodName) => calledBy(launch.definition, methodName).web !== undefined,
    );
    this.#printed = new Map([STDOUT, STDERR].map((descriptor) => [descriptor, this.#printedTo(descriptor)]));
    void this.#start();
  }

  send(inputs: readonly WorkerInput[]): void {
    this.#memory?.work();
    this.#conversation.send(this.#takesBatches ? [inputs] : inputs.map((input) => [input]));
  }

  recall(inputs: readonly InputKey[]): void {
    this.#conversation.recall(inputs);
  }

  cancel(inputs: readonly InputKey[]): void {
    this.#conversation.cancel(inputs);
  }

  stop(): void {
    this.#conversation.stop();
  }

  kill(): void {
    this.#killed = true;
    this.#process?.kill();
  }

  async #start(): Promise<void> {
    const folder = this.#surroundings.payloads.containerFolder(this.#launch.taskId);
    const socket = socketPath(folder.path);
    const service = nestedCalls(this.#surroundings.service(), () => this.#events.waits());
    const server = new ContainerServer(socket, { ...service, ...this.#conversation.handlers });
    const gone = (reason: string) => {
      for (const printed of this.#printed.values()) printed.flush();
      server.close();
      folder.remove();
      if (dirname(socket) !== folder.path) rmSync(dirname(socket), { recursive: true, force: true });
      this.#memory?.rest();
      if (this.#memory?.wasExceeded) this.#events.exited(this.#memory.reason, true);
      else this.#events.exited(reason);
    };
    try {
      await server.listen();
      if (this.#killed) gone("was killed before it had started");
      else this.#run(folder.path, socket, gone);
    } catch (error) {
      gone(`could not be started (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #run(folder: string, socket: string, gone: (reason: string) => void): void {
    const task = this.#surroundings.taskOf(this.#launch);
    const paths = { arguments: join(folder, "arguments"), socket, home: task.home };
    writeFileSync(paths.arguments, task.arguments, { mode: 0o600 });
    const process = new SpawnedProcess(modalProgram(this.#surroundings.folders, this.#launch, paths));
    this.#process = process;
    readOutput(process, (fileDescriptor, text) =>
      this.#printed.get(fileDescriptor)?.add(text, this.#conversation.only),
    );
    const { memoryLimitBytes } = this.#launch;
    if (memoryLimitBytes !== undefined) this.#memory = new MemoryWatch(process, memoryLimitBytes);
    process.onGone(gone);
  }

  #printedTo(fileDescriptor: number): PrintedText {
    return new PrintedText((text, input) => this.#events.log({ input, fileDescriptor, at: Date.now() / 1_000, text }));
  }

  #rest(): void {
    if (this.#conversation.isIdle) this.#memory?.rest();
  }
}

/** In the container's own folder, or, where its name would be too long, in one for it alone. */
function socketPath(folder: string): string {
  const path = join(folder, "modal.sock");
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  return join(mkdtempSync(join(tmpdir(), "spawnpoint-")), "modal.sock");
}
