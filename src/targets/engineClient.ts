import type { MessageInitShape } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import {
  type AskRequestSchema,
  type AskResponse,
  type CleanResponse,
  type ClientToken,
  type DeployedApp,
  DeployFailureSchema,
  type DeployResponse,
  Engine,
  type EngineStatus,
  type ExportResponse,
  type FunctionSource,
  type Storage,
} from "../proto/gen/engine_pb.js";
import { type RpcClient, rpcClient } from "../proto/grpc/rpcClient.ts";
import { RpcError, RpcStatus } from "../proto/grpc/rpcError.ts";
import { RUNTIMES, type RuntimeName } from "../proto/runtimes.ts";
import type { EngineAddress } from "./engineAddress.ts";
import { DeployError, NoEngineError, TargetError } from "./targetError.ts";

/** What to deploy. */
export interface DeployOptions {
  /** Absolute path of the Python file. */
  readonly path: string;
  /** Absolute path of the interpreter to import and run it with. */
  readonly python: string;
  readonly environmentName?: string | undefined;
  /** What deploys and runs it; default: as the engine was told. */
  readonly runtime?: RuntimeName | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What to run. */
export interface RunOptions extends Omit<DeployOptions, "runtime"> {
  /** Which app of the file; empty for one without a name. */
  readonly appName: string;
  /** It goes on without its client, until its calls are finished. */
  readonly detach: boolean;
}

/**
 * The engine's own service: what Modal's protocol has no word for.
 *
 * Every method throws a `TargetError` with one sentence, `NoEngineError` when the engine is gone; an abort
 * throws the signal's reason.
 */
export class EngineClient {
  readonly #channel: Client;
  readonly #rpc: RpcClient<typeof Engine>;

  constructor(address: EngineAddress) {
    this.#channel = new Client(new URL(address.url).host, credentials.createInsecure(), {
      "grpc.enable_http_proxy": 0, // A proxy for the outside world cannot reach this machine's loopback.
      "grpc.max_receive_message_length": -1,
      // A shared subchannel would remember an engine that has died, and hold back from the one at its port now.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 1_000,
    });
    const tokens = { "x-modal-token-id": address.tokenId, "x-modal-token-secret": address.tokenSecret };
    this.#rpc = rpcClient(Engine, this.#channel, () => tokens);
  }

  /** @param options.timeoutMs how long the engine has to answer; default: for ever */
  status(options: { readonly timeoutMs?: number } = {}): Promise<EngineStatus> {
    return answered(this.#rpc.getStatus({}, options));
  }

  /**
   * Imports a Python file and deploys every app in it, all or nothing; by Modal's own package app by app.
   *
   * @throws DeployError the file is at fault: where, and Python's traceback
   */
  deploy(options: DeployOptions): Promise<DeployResponse> {
    const { signal, environmentName = "", runtime = "automatic", ...file } = options;
    return answered(this.#rpc.deploy({ ...file, environmentName, runtime: RUNTIMES[runtime] }, { signal }));
  }

  /** An app as it stands, or as it was when it was stopped. */
  app(appId: string): Promise<DeployedApp> {
    return answered(this.#rpc.getApp({ appId }));
  }

  /**
   * Imports a Python file and runs one of its apps without deploying it.
   *
   * @throws DeployError the file is at fault: where, and Python's traceback
   */
  startRun({ signal, environmentName = "", appName, detach, ...file }: RunOptions): Promise<DeployedApp> {
    return answered(this.#rpc.startRun({ ...file, environmentName, appName, detach }, { signal }));
  }

  /**
   * Keeps a run alive, until it is stopped and its containers are gone.
   *
   * @throws TargetError when the run is over already, or the engine is gone: to be called again then
   */
  async attendRun(appId: string, signal: AbortSignal): Promise<void> {
    const ended = async () => {
      for await (const _ of this.#rpc.attendRun({ appId }, { signal })); // Nothing but its end counts.
    };
    return answered(ended());
  }

  /**
   * Lets a client of Modal's deploy or run a file while some work is done.
   *
   * @param work is given the token of that client; undefined when the engine chooses the built-in runtime
   */
  async withClient<T>(
    { path, python, runtime = "automatic" }: Pick<DeployOptions, "path" | "python" | "runtime">,
    work: (token: ClientToken | undefined) => Promise<T>,
  ): Promise<T> {
    const attended = async () => {
      const request = { path, python, runtime: RUNTIMES[runtime] };
      for await (const [token] of this.#rpc.attendClient(request)) {
        return await work(token?.tokenId ? token : undefined);
      }
      throw new TargetError("The local engine has ended; try again.");
    };
    return answered(attended());
  }

  /** What Python code outside of containers asks of the engine; `appId` may be empty. The error's cause is the engine's own. */
  ask(request: MessageInitShape<typeof AskRequestSchema>, options: { signal: AbortSignal }): Promise<AskResponse> {
    return answered(this.#rpc.ask(request, options));
  }

  /** Where a function, or a method of a class, stands in the source that it was deployed from, and its text there. */
  functionSource(functionId: string, methodName = ""): Promise<FunctionSource> {
    return answered(this.#rpc.getFunctionSource({ functionId, methodName }));
  }

  /**
   * Forgets finished calls.
   *
   * @param options.olderThanMs those that finished so long ago, 0 for all; default: those that the folder's limits do not allow
   * @param options.dryRun only counts them
   */
  clean(options: { readonly olderThanMs?: number | undefined; readonly dryRun?: boolean }): Promise<CleanResponse> {
    const { olderThanMs, dryRun = false } = options;
    const olderThanSeconds = (olderThanMs ?? 0) / 1_000;
    return answered(this.#rpc.clean({ olderThanSeconds, dryRun, beyondLimits: olderThanMs === undefined }));
  }

  /** How large the data folder is, and its limits. Looks at every file. */
  storage(): Promise<Storage> {
    return answered(this.#rpc.getStorage({}));
  }

  /** Writes what the data folder holds to a new archive of this absolute path. */
  export(path: string): Promise<ExportResponse> {
    return answered(this.#rpc.export({ path }));
  }

  /** Ends the engine. Unfinished inputs stay queued for its next start. */
  async shutDown(): Promise<void> {
    await answered(this.#rpc.shutDown({}));
  }

  close(): void {
    this.#channel.close();
  }
}

async function answered<T>(response: Promise<T>): Promise<T> {
  try {
    return await response;
  } catch (error) {
    throw error instanceof RpcError ? targetErrorFrom(error) : error;
  }
}

function targetErrorFrom(error: RpcError): TargetError {
  const failure = error.detail(DeployFailureSchema);
  if (failure) return new DeployError(failure.message, failure, { cause: error });
  switch (error.code) {
    case RpcStatus.UNAVAILABLE:
      return new NoEngineError("The local engine does not answer; try again, and it is started anew.", {
        cause: error,
      });
    case RpcStatus.DEADLINE_EXCEEDED:
      return new TargetError("The local engine did not answer in time; try again.", { cause: error });
    case RpcStatus.UNAUTHENTICATED:
      return new NoEngineError("Another engine answers at this address; try again, and the right one is found.", {
        cause: error,
      });
    default:
      return new TargetError(error.message, { cause: error });
  }
}
