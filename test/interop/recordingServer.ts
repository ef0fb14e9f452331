import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { until } from "../client/fakeModal.ts";
import type { SdkMethod } from "./sdkMessages.ts";

/** A request as it came over the wire. */
export interface RecordedRequest {
  /** The RPC's name, e.g. `FunctionMap`. */
  readonly method: string;
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
}

/** The answer of a server that lacks the RPC. */
export const UNIMPLEMENTED: object = Object.freeze({});

/**
 * What to answer: the fields of the response by the SDK's names. Of a list: those of the first answer, the second and so on, or for a
 * stream, of each message. A function may wait.
 */
export type Answers = Readonly<Record<string, object | readonly object[] | LaterAnswer>>;
type LaterAnswer = (server: RecordingServer) => Promise<object>;

const PATH = "/modal.client.ModalClient/";

/**
 * Modal's service without any knowledge of ours: over a real socket, by the SDK's codecs. Keeps the bytes of every request, and
 * answers with bytes that the SDK makes; where it has no answer, with an empty message.
 */
export class RecordingServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  answers: Answers = {};
  readonly #server = new Server();
  #port = 0;

  constructor(methods: Iterable<SdkMethod>) {
    const definition: Record<string, object> = {};
    const implementation: Record<string, (...args: never[]) => void> = {};
    for (const method of methods) {
      if (method.requestStream) continue;
      definition[method.name] = {
        path: PATH + method.name,
        requestStream: false,
        responseStream: method.responseStream,
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: (message: object) =>
          Buffer.from(method.responseType.encode(method.responseType.fromPartial(message)).finish()),
      };
      implementation[method.name] = method.responseStream ? this.#stream(method) : this.#unary(method);
    }
    this.#server.addService(definition as never, implementation as never);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    this.#port = await new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  /** Resolves when so many requests of a method have come. */
  received(method: string, times: number): Promise<void> {
    return until(() => this.#count(method) >= times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }

  #unary({ name }: SdkMethod) {
    return async (call: ServerUnaryCall<Buffer, object>, reply: sendUnaryData<object>) => {
      this.#record(name, call);
      const answer = await this.#answer(name);
      if (answer === UNIMPLEMENTED) reply({ code: status.UNIMPLEMENTED });
      else reply(null, answer);
    };
  }

  #stream({ name }: SdkMethod) {
    return (call: ServerWritableStream<Buffer, object>) => {
      this.#record(name, call);
      const answer = this.answers[name] ?? [];
      for (const message of Array.isArray(answer) ? answer : [answer]) call.write(message);
      call.end();
    };
  }

  #answer(name: string): object | Promise<object> {
    const answer = this.answers[name] ?? {};
    if (typeof answer === "function") return (answer as LaterAnswer)(this);
    return Array.isArray(answer) ? (answer[this.#count(name) - 1] ?? answer.at(-1) ?? {}) : answer;
  }

  #count(name: string): number {
    return this.requests.filter(({ method }) => method === name).length;
  }

  #record(method: string, call: { readonly request: Buffer; readonly metadata: Metadata }): void {
    this.requests.push({ method, bytes: call.request, metadata: call.metadata });
  }
}
