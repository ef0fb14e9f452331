import { decode } from "cbor-x";
import {
  type FunctionPutInputsItem,
  type FunctionRetryPolicy,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeModal, type Handlers, outputItem } from "./fakeModal.ts";

interface FakeAttempt {
  readonly args: unknown[];
  readonly retryCount: number;
}

/** The input plane of every function of a fake server: a server on a port of its own, for single calls. */
export class FakeInputPlane implements AsyncDisposable {
  readonly server: FakeModal;
  /** How the next attempts end, one after another; those after them succeed. */
  endings: Status[] = [];
  retryPolicy: Partial<FunctionRetryPolicy> = {};
  /** The output that comes with the tokens of first attempts. */
  awaitedOutput: object | undefined;
  readonly #attempts: FakeAttempt[] = [];

  static async start(controlPlane: FakeModal): Promise<FakeInputPlane> {
    const plane: FakeInputPlane = new FakeInputPlane(await FakeModal.start());
    const place = { inputPlaneUrl: plane.server.url, inputPlaneRegion: "us-test" };
    controlPlane.functionMetadata = { ...controlPlane.functionMetadata, ...place };
    return plane;
  }

  private constructor(server: FakeModal) {
    this.server = server;
    this.server.answer(this.#handlers());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }

  #handlers(): Handlers {
    return {
      // An input plane gives no tokens: those of the control plane are good here.
      authTokenGet: () => {
        throw new RpcError(RpcStatus.INTERNAL, "Tokens come from the control plane.");
      },
      attemptStart: ({ input }) => {
        const attemptToken = this.#begin(argsOf(input), 0);
        const { retries = 0, initialDelayMs = 1_000, backoffCoefficient = 1, maxDelayMs = 60_000 } = this.retryPolicy;
        const retryPolicy = { retries, initialDelayMs, backoffCoefficient, maxDelayMs };
        return { attemptToken, retryPolicy, ...(this.awaitedOutput && { awaitedOutput: this.awaitedOutput }) };
      },
      attemptRetry: ({ input, attemptToken }) => ({
        attemptToken: this.#begin(argsOf(input), this.#attempt(attemptToken).retryCount + 1),
      }),
      attemptAwait: async ({ attemptToken }) => {
        const { args, retryCount } = this.#attempt(attemptToken);
        const status = this.endings.shift() ?? Status.SUCCESS;
        const value = status === Status.SUCCESS ? await this.server.run(args, {}, 0) : undefined;
        const exception = status === Status.SUCCESS ? "" : `attempt ${retryCount}`;
        return { output: { ...outputItem(0, status, { value, exception }), retryCount } };
      },
    };
  }

  #begin(args: unknown[], retryCount: number): string {
    this.#attempts.push({ args, retryCount });
    return `at-${this.#attempts.length - 1}`;
  }

  #attempt(token: string): FakeAttempt {
    const attempt = this.#attempts[Number(token.split("-")[1])];
    if (!attempt) throw new RpcError(RpcStatus.NOT_FOUND, `No attempt ${token}.`);
    return attempt;
  }
}

function argsOf(item: FunctionPutInputsItem | undefined): unknown[] {
  const { argsOneof } = item?.input ?? {};
  return decode(argsOneof?.case === "args" ? argsOneof.value : new Uint8Array())[0];
}
