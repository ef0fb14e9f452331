import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import type { FunctionOptions, WebDefinition } from "../../src/engine/deploy/definition.ts";
import { type InputKey, inputIdOf, inputKey } from "../../src/engine/ids.ts";
import type { Payload } from "../../src/engine/payloads/payload.ts";
import { PayloadFiles } from "../../src/engine/payloads/payloadFiles.ts";
import { type ModalSurroundings, ModalWorker } from "../../src/engine/workers/modal/modalWorker.ts";
import type { WorkerItem, WorkerLaunch, WorkerLog, WorkerOutput } from "../../src/engine/workers/worker.ts";
import { ContainerArgumentsSchema, DataFormat } from "../../src/proto/gen/modal_pb.js";
import { until } from "./engineHarness.ts";
import { launchOf } from "./poolHarness.ts";

const runtime = fileURLToPath(new URL("recordedRuntime.ts", import.meta.url));
const conversations = fileURLToPath(new URL("conversations", import.meta.url));
const scripts = fileURLToPath(new URL("../../src/python", import.meta.url));

/** The n-th input that a test sends, from 1. */
export function nth(number: number): InputKey {
  return inputKey(1, number);
}

interface Given {
  readonly options?: FunctionOptions;
  /** Its function is such an endpoint. */
  readonly web?: WebDefinition;
  /** Modal's service. */
  readonly service?: ReturnType<ModalSurroundings["service"]>;
}

/** A container of Modal's runtime without an engine around it, and what it has told. */
export class ModalContainer {
  readonly folder = mkdtempSync(join(tmpdir(), "spawnpoint-modal-"));
  readonly payloads = new PayloadFiles(this.folder);
  readonly worker: ModalWorker;
  readonly outputs: WorkerOutput[] = [];
  readonly items: WorkerItem[] = [];
  readonly logs: WorkerLog[] = [];
  /** What it has asked for otherwise than by gRPC. */
  readonly requests: object[] = [];
  isReady = false;
  failure: string | undefined;
  /** How it ended. */
  end: string | undefined;
  /** Calls that it waits for. */
  waiting = 0;

  private constructor(
    test: TestContext,
    process: Pick<WorkerLaunch, "python" | "variables">,
    { options = {}, web, service = {} }: Given,
  ) {
    this.payloads.open(() => false);
    const plain = launchOf(options);
    const launch = { ...plain, ...process, taskId: "ta-1", definition: { ...plain.definition, ...(web && { web }) } };
    const task = { taskId: launch.taskId, functionId: "fu-now" };
    this.worker = new ModalWorker(
      launch,
      {
        ready: () => {
          this.isReady = true;
        },
        failed: ({ exception }) => {
          this.failure = exception;
        },
        item: (item) => this.items.push(item),
        output: (output) => this.outputs.push(output),
        log: (log) => this.logs.push(log),
        request: async ({ method, params }) => {
          this.requests.push({ method, ...params });
          return { value: { gone: true } };
        },
        waits: () => {
          this.waiting += 1;
          return () => {
            this.waiting -= 1;
          };
        },
        exited: (reason) => {
          this.end = reason;
        },
      },
      {
        folders: { scripts, data: undefined },
        payloads: this.payloads,
        service: () => service,
        taskOf: () => ({
          arguments: toBinary(ContainerArgumentsSchema, create(ContainerArgumentsSchema, task)),
          home: this.folder,
        }),
      },
    );
    test.after(async () => {
      this.worker.kill();
      await this.ended();
      rmSync(this.folder, { recursive: true });
    });
  }

  /** One that says what Modal's runtime said once. */
  static says(test: TestContext, conversation: string, given: Given = {}): ModalContainer {
    const python = join(mkdtempSync(join(tmpdir(), "spawnpoint-runtime-")), "python");
    writeFileSync(python, `#!/bin/sh\nexec "${process.execPath}" "${runtime}"\n`);
    chmodSync(python, 0o700);
    test.after(() => rmSync(join(python, ".."), { recursive: true }));
    const variables = { CONVERSATION: join(conversations, `${conversation}.json`) };
    return new ModalContainer(test, { python, variables }, given);
  }

  /** Sends inputs, at once. */
  send(numbers: readonly number[], args: Payload = new Uint8Array([0x82, 0x80, 0xa0]), methodName?: string): void {
    this.worker.send(
      numbers.map((number) => ({
        key: nth(number),
        functionCallId: "fc-1",
        dataFormat: DataFormat.CBOR,
        methodName,
        retryCount: 0,
        args,
      })),
    );
  }

  async hasOutputs(count: number): Promise<WorkerOutput[]> {
    await until(`there are ${count} outputs`, () => this.outputs.length >= count);
    return this.outputs;
  }

  async ended(): Promise<string | undefined> {
    await until("the container has ended", () => this.end !== undefined);
    return this.end;
  }

  /** What it has printed. */
  get printed(): string {
    return this.logs.map(({ text }) => text).join("");
  }

  /** What the n-th input has printed. */
  printedBy(number: number): string {
    const own = this.logs.filter(({ input }) => input === nth(number));
    return own.map(({ text }) => text).join("");
  }

  /** The answers to one kind of its requests. */
  answers(rpc: string): unknown[] {
    const lines = this.printed.split("\n").filter((line) => line.startsWith(`${rpc} {`));
    return lines.map((line) => JSON.parse(line.slice(rpc.length)));
  }
}

/** The id of the n-th input. */
export function idOf(number: number): string {
  return inputIdOf(nth(number));
}
