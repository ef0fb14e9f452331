import { FunctionCallService } from "./calls/functionCallService.ts";
import { ClassService } from "./classes/classService.ts";
import { type ConfigOptions, readClientConfig } from "./config/clientConfig.ts";
import { Connection, type ConnectionOptions } from "./connection/connection.ts";
import { FunctionService } from "./functions/functionService.ts";
import { LogService } from "./logs/logService.ts";
import { AppService } from "./workspace/apps.ts";
import { ContainerService } from "./workspace/containers.ts";
import { EnvironmentService } from "./workspace/environments.ts";
import { WorkspaceService } from "./workspace/workspace.ts";

/** Where the server is, who asks, and in which environment. */
export interface ModalClientOptions extends ConnectionOptions {
  /** Default: the environment that the server takes for the tokens. */
  readonly environmentName?: string;
}

/**
 * A client of one Modal-compatible server: Modal's cloud, or the engine on this machine.
 *
 * ```js
 * import { ModalClient } from "spawnpoint/client";
 *
 * const modal = ModalClient.fromConfig({ profile: "my-workspace" });
 * const square = modal.functions.fromName("my-app", "square");
 * await square.remote([7]); // 49
 * for await (const result of square.map([[1, 2, 3]])) console.log(result);
 * modal.close();
 * ```
 *
 * Failures are errors from one tree, rooted at `ModalError`. An idle client does not keep the process alive.
 */
export class ModalClient {
  readonly functions: FunctionService;
  readonly classes: ClassService;
  readonly calls: FunctionCallService;
  readonly apps: AppService;
  readonly containers: ContainerService;
  readonly logs: LogService;
  readonly environments: EnvironmentService;
  readonly workspace: WorkspaceService;
  /** Where names are looked up; empty for the environment that the server takes for the tokens. */
  readonly environmentName: string;
  readonly #options: ModalClientOptions;
  readonly #connection: Connection;

  /**
   * Makes no request: the connection is opened by the first one.
   *
   * @throws InvalidError when the URL is not one, or a token is missing
   */
  constructor(options: ModalClientOptions);
  /** @internal */
  constructor(options: ModalClientOptions, connection: Connection);
  constructor(options: ModalClientOptions, connection = new Connection(options)) {
    const { environmentName = "" } = options;
    this.environmentName = environmentName;
    this.#options = options;
    this.#connection = connection;
    const { rpc } = this.#connection;
    this.functions = new FunctionService(rpc, environmentName);
    this.classes = new ClassService(rpc, environmentName);
    this.calls = new FunctionCallService(rpc);
    this.apps = new AppService(rpc, environmentName);
    this.containers = new ContainerService(rpc, environmentName);
    this.logs = new LogService(rpc);
    this.environments = new EnvironmentService(rpc);
    this.workspace = new WorkspaceService(rpc);
  }

  /**
   * A client for the account that Modal's own tools use on this machine: from `~/.modal.toml` and the variables `MODAL_…`, by the
   * rules of Modal's Python SDK. Makes no request.
   *
   * @throws InvalidError the file or a setting is wrong: which one, and where it stands
   * @throws AuthError there is no token
   */
  static fromConfig(options: ConfigOptions = {}): ModalClient {
    return new ModalClient(readClientConfig(options));
  }

  /**
   * A client of the same server, on the same connection, that looks names up in another environment. Closing one closes both.
   *
   * @param environmentName empty: the environment that the server takes for the tokens
   */
  inEnvironment(environmentName: string): ModalClient {
    if (environmentName === this.environmentName) return this;
    return new ModalClient({ ...this.#options, environmentName }, this.#connection);
  }

  /** The server's URL. */
  get url(): string {
    return this.#connection.url;
  }

  /** Ends what is under way with `ClientClosed` and frees the socket. May be called twice. */
  close(): void {
    this.#connection.close();
  }
}
