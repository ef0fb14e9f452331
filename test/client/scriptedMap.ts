import { create } from "@bufbuild/protobuf";
import { encode } from "cbor-x";
import type { ModalRpc, RequestOptions } from "../../src/client/connection/modalRpc.ts";
import type { Pause } from "../../src/client/connection/retry.ts";
import type { FunctionHandle } from "../../src/client/functions/functionHandle.ts";
import {
  DataFormat,
  type FunctionGetOutputsItem,
  FunctionGetOutputsItemSchema,
  FunctionHandleMetadataSchema,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { gate, type Handlers } from "./fakeModal.ts";

/** How one attempt at an input ends. A lost one never does: the server says so when it is asked. */
export type Outcome = "success" | "failure" | "internalFailure" | "lost";

/** One attempt at an input. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Whether its output comes once more, later. */
  readonly isRepeated: boolean;
}

/** What a server does with a map. */
export interface MapScript {
  /** For each input, its attempts one after another. The last one succeeds. */
  readonly inputs: readonly (readonly Attempt[])[];
  /** Retries that the function's policy allows. */
  readonly retries: number;
  readonly maxInputsOutstanding: number;
  /** At most so many outputs in an answer. */
  readonly maxOutputs: number;
  /** What becomes of the connection at one request after another; from the last on nothing happens. */
  readonly connection: readonly ("holds" | "breaksBefore" | "breaksAfter")[];
}

type Answers = Record<string, (request: never, context: { readonly signal: AbortSignal }) => unknown>;

/**
 * A server in this process that runs maps by a script, on both planes, in virtual time. Where it can tell that a client breaks the
 * protocol, it fails the request.
 */
export class ScriptedMaps {
  readonly handle: FunctionHandle;
  /** Its methods in this process. */
  readonly rpc: ModalRpc;
  /** Its methods for a server on a socket, where the script's connection counts for nothing. */
  readonly handlers: Handlers;
  readonly #script: MapScript;
  readonly #pause: Pause;
  readonly #connection: MapScript["connection"][number][];
  readonly #maps: ScriptedMap[] = [];

  constructor(script: MapScript, plane: "control plane" | "input plane", pause: Pause) {
    this.#script = script;
    this.#pause = pause;
    this.#connection = [...script.connection];
    const metadata = create(FunctionHandleMetadataSchema, {
      supportedInputFormats: [DataFormat.CBOR],
      ...(plane === "input plane" && { inputPlaneUrl: "https://input-plane.test" }),
    });
    this.handle = { functionId: "fu-1", metadata };
    const [controlPlane, inputPlane] = [this.#controlPlane(), this.#inputPlane()];
    const inputPlaneRpc = this.#methods(inputPlane);
    this.rpc = { ...this.#methods(controlPlane), inputPlane: () => inputPlaneRpc } as unknown as ModalRpc;
    this.handlers = { ...controlPlane, ...inputPlane } as unknown as Handlers;
  }

  /** Most inputs that were with the server at once and had no final output, beyond those that it allows or that began the map. */
  get tooManyUnderWay(): number {
    const limit = this.#script.maxInputsOutstanding || Infinity;
    return Math.max(0, ...this.#maps.map(({ mostUnderWay, numFirst }) => mostUnderWay - Math.max(limit, numFirst)));
  }

  #controlPlane(): Answers {
    return {
      functionMap: ({ pipelinedInputs }: { pipelinedInputs: { idx: number }[] }) => {
        const id = this.#newMap(pipelinedInputs.length);
        return {
          functionCallId: `fc-${id}`,
          functionCallJwt: `jwt-${id}`,
          pipelinedInputs: this.#put(id, pipelinedInputs),
          syncClientRetriesEnabled: true,
          retryPolicy: this.#policy(),
          maxInputsOutstanding: this.#script.maxInputsOutstanding,
        };
      },
      functionPutInputs: ({ functionCallId, inputs }: { functionCallId: string; inputs: { idx: number }[] }) => ({
        inputs: this.#put(idOf(functionCallId), inputs),
      }),
      functionRetryInputs: (request: {
        functionCallJwt: string;
        inputs: { inputJwt: string; retryCount: number }[];
      }) => ({
        inputJwts: request.inputs.map(({ inputJwt, retryCount }) => {
          const { index, count } = readToken(inputJwt);
          if (retryCount !== count + 1) throw new Error(`Retry ${retryCount} with the token of attempt ${count}.`);
          return this.#map(idOf(request.functionCallJwt)).run(index, retryCount);
        }),
      }),
      functionGetOutputs: async (
        request: { functionCallId: string; lastEntryId: string; timeout: number },
        { signal }: { readonly signal: AbortSignal },
      ) => {
        if (request.timeout === 0) return { outputs: [], lastEntryId: "", numUnfinishedInputs: 0 };
        const after = Number.parseInt(request.lastEntryId, 10);
        return this.#map(idOf(request.functionCallId)).read(after, this.#script.maxOutputs, 0, signal);
      },
    };
  }

  #inputPlane(): Answers {
    return {
      mapStartOrContinue: (request: {
        callInfo: { value: string };
        items: { input: { idx: number }; attemptToken?: string }[];
      }) => {
        const id = request.callInfo.value === "" ? this.#newMap(request.items.length) : idOf(request.callInfo.value);
        const attemptTokens = request.items.map(({ input, attemptToken }) => {
          if (attemptToken === undefined) return this.#map(id).run(input.idx - 1, 0);
          const { index, count } = readToken(attemptToken);
          if (index !== input.idx - 1) throw new Error(`The token of input ${index} came with input ${input.idx - 1}.`);
          return this.#map(id).run(index, count + 1);
        });
        return {
          mapToken: `mt-${id}`,
          functionCallId: `fc-${id}`,
          attemptTokens,
          retryPolicy: this.#policy(),
          maxInputsOutstanding: this.#script.maxInputsOutstanding,
        };
      },
      mapAwait: (
        request: { callInfo: { value: string }; lastEntryId: string },
        { signal }: { readonly signal: AbortSignal },
      ) => {
        const after = Number.parseInt(request.lastEntryId || "0", 10);
        return this.#map(idOf(request.callInfo.value)).read(after, this.#script.maxOutputs, 1, signal);
      },
      mapCheckInputs: ({ attemptTokens }: { attemptTokens: string[] }) => ({
        lost: attemptTokens.map((token) => {
          const { index, count } = readToken(token);
          return this.#script.inputs[index]?.[count]?.outcome === "lost";
        }),
      }),
    };
  }

  #put(id: number, inputs: readonly { idx: number }[]) {
    return inputs.map(({ idx }) => ({ idx, inputId: `in-${idx}`, inputJwt: this.#map(id).run(idx, 0) }));
  }

  #newMap(numFirst: number): number {
    this.#maps.push(new ScriptedMap(this.#script, this.#pause, numFirst));
    return this.#maps.length - 1;
  }

  #map(id: number): ScriptedMap {
    const map = this.#maps[id];
    if (!map) throw new Error(`There is no map ${id}.`);
    return map;
  }

  #policy() {
    return { retries: this.#script.retries, initialDelayMs: 1_000, backoffCoefficient: 2, maxDelayMs: 60_000 };
  }

  /** Answers requests as the connection lets them through. */
  #methods(answers: Answers) {
    const methods: Record<string, (request: never, options: RequestOptions) => Promise<unknown>> = {};
    for (const [name, answer] of Object.entries(answers)) {
      methods[name] = async (request, { signal } = {}) => {
        const open = signal ?? new AbortController().signal;
        for (;;) {
          open.throwIfAborted();
          const fate = this.#connection.shift() ?? "holds";
          // A request whose connection broke is made again, as `retry.ts` does.
          if (fate === "breaksBefore") continue;
          const answered = await answer(request, { signal: open });
          if (fate === "holds") return answered;
        }
      };
    }
    return methods;
  }
}

/** One map: an append-only log of outputs. */
class ScriptedMap {
  mostUnderWay = 0;
  /** Inputs that came before the client could know how many are allowed. */
  readonly numFirst: number;
  readonly #script: MapScript;
  readonly #pause: Pause;
  readonly #log: FunctionGetOutputsItem[] = [];
  readonly #underWay = new Set<number>();
  #news = gate();

  constructor(script: MapScript, pause: Pause, numFirst: number) {
    this.#script = script;
    this.#pause = pause;
    this.numFirst = numFirst;
  }

  /** Begins an attempt, and again when a request is repeated. Returns its token. */
  run(index: number, count: number): string {
    const attempt = this.#script.inputs[index]?.[count];
    if (!attempt) throw new Error(`Input ${index} has no attempt ${count}.`);
    this.#underWay.add(index);
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay.size);
    if (attempt.outcome !== "lost") void this.#end(index, count, attempt);
    return token(index, count);
  }

  /** Waits for outputs after a place in the log. */
  async read(after: number, maxOutputs: number, firstIndex: number, signal: AbortSignal) {
    const gone = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    while (this.#log.length <= after && !signal.aborted) await Promise.race([this.#news.promise, gone]);
    signal.throwIfAborted();
    const found = this.#log.slice(after, after + maxOutputs);
    const outputs = found.map((item) => create(FunctionGetOutputsItemSchema, { ...item, idx: item.idx + firstIndex }));
    return { outputs, lastEntryId: `${after + found.length}-0`, numUnfinishedInputs: this.#underWay.size };
  }

  async #end(index: number, count: number, { outcome, durationMs, isRepeated }: Attempt): Promise<void> {
    await this.#pause(durationMs, undefined);
    if (outcome === "success" || (outcome === "failure" && count >= this.#script.retries)) this.#underWay.delete(index);
    this.#append(index, count, outcome);
    if (!isRepeated) return;
    await this.#pause(durationMs + 1_500, undefined);
    this.#append(index, count, outcome);
  }

  #append(index: number, count: number, outcome: Outcome): void {
    const isSuccess = outcome === "success";
    const item = create(FunctionGetOutputsItemSchema, {
      idx: index,
      inputId: `in-${index}`,
      retryCount: count,
      dataFormat: isSuccess ? DataFormat.CBOR : DataFormat.UNSPECIFIED,
      result: {
        status: STATUS[outcome],
        exception: isSuccess ? "" : `attempt ${count} of ${index}`,
        dataOneof: { case: "data", value: isSuccess ? encode([index, count]) : new Uint8Array() },
      },
    });
    this.#log.push(item);
    this.#news.open();
    this.#news = gate();
  }
}

const STATUS = {
  success: Status.SUCCESS,
  failure: Status.FAILURE,
  internalFailure: Status.INTERNAL_FAILURE,
  lost: Status.UNSPECIFIED,
} as const;

function token(index: number, count: number): string {
  return `head.${Buffer.from(JSON.stringify({ idx: index, count })).toString("base64url")}.signature`;
}

function readToken(text: string): { readonly index: number; readonly count: number } {
  const { idx, count } = JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString());
  return { index: idx, count };
}

function idOf(text: string): number {
  return Number(text.split("-")[1]);
}
