import { ModalClient } from "../client/index.ts";
import { type EngineAddress, isSamePlace, nearestUrl } from "./engineAddress.ts";
import { EngineClient } from "./engineClient.ts";
import { findEngine, findOrStartEngine, stopEngine } from "./engineProcess.ts";
import { reviveEngine } from "./engineRevival.ts";
import type { EngineLaunch } from "./engineStart.ts";
import { runEngineTool } from "./engineTool.ts";
import type { Target } from "./target.ts";
import { NoEngineError } from "./targetError.ts";

/** Both ways to speak to one engine. They stay open until the target is closed or finds the engine elsewhere. */
export interface EngineConnection {
  readonly address: EngineAddress;
  readonly modal: ModalClient;
  readonly engine: EngineClient;
}

/**
 * The engine on this machine, found or started when it is first needed, and again when it has died. Every request
 * for a client checks first that the engine answers, which takes about a millisecond.
 */
export class LocalTarget implements Target {
  readonly name = "Local";
  /** Where apps are deployed and looked up; empty for the engine's default. */
  readonly environmentName: string;
  readonly #launch: EngineLaunch;
  #connection: EngineConnection | undefined;
  #revival: AbortController | undefined;
  #connecting: Promise<EngineConnection> | undefined;

  /** @param launch which data folder, and how an engine is started there */
  constructor(launch: EngineLaunch, environmentName = "") {
    this.#launch = launch;
    this.environmentName = environmentName;
  }

  get dataFolder(): string {
    return this.#launch.dataFolder;
  }

  /** The engine's program; our Python files are beside it. */
  get enginePath(): string {
    return this.#launch.enginePath;
  }

  /** @throws EngineStartError no engine runs, and none could be started */
  async modal(): Promise<ModalClient> {
    return (await this.#connected()).modal;
  }

  /** @throws EngineStartError no engine runs, and none could be started */
  async engine(): Promise<EngineClient> {
    return (await this.#connected()).engine;
  }

  /**
   * The engine if it runs; none is started.
   *
   * @throws NoEngineError none runs
   */
  async running(): Promise<EngineConnection> {
    const address = await findEngine(this.#launch.dataFolder);
    if (!address) throw new NoEngineError(`No engine runs for ${this.#launch.dataFolder}.`);
    return this.#use(address);
  }

  /**
   * Ends the engine and waits until it is gone. Unfinished inputs stay queued for its next start.
   *
   * @throws NoEngineError none runs
   */
  async stop(): Promise<void> {
    const { address, engine } = await this.running();
    await stopEngine(engine, address.pid);
  }

  /**
   * Writes what the data folder holds to a new archive, whether an engine runs or not.
   *
   * @param path absolute
   */
  async exportData(path: string): Promise<{ functionCalls: number; bytes: number }> {
    const { enginePath, dataFolder } = this.#launch;
    const address = await findEngine(dataFolder);
    if (!address) {
      const exported = await runEngineTool(enginePath, ["--data", dataFolder, "--export", path]);
      return exported as { functionCalls: number; bytes: number };
    }
    const { functionCalls, bytes } = await this.#use(address).engine.export(path);
    return { functionCalls, bytes: Number(bytes) };
  }

  /**
   * Makes the data folder, which must be empty, of an archive.
   *
   * @param path absolute
   */
  async importData(path: string): Promise<{ functionCalls: number }> {
    const { enginePath, dataFolder } = this.#launch;
    const imported = await runEngineTool(enginePath, ["--data", dataFolder, "--import", path]);
    return imported as { functionCalls: number };
  }

  /** From now until the target is closed, an engine that dies is started again at once, not with the next request. */
  keepRunning(): void {
    if (this.#revival) return;
    this.#revival = new AbortController();
    void reviveEngine(this.#launch, this.#revival.signal);
  }

  close(): void {
    this.#revival?.abort();
    this.#revival = undefined;
    this.#disconnect();
  }

  #disconnect(): void {
    this.#connection?.modal.close();
    this.#connection?.engine.close();
    this.#connection = undefined;
  }

  #connected(): Promise<EngineConnection> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<EngineConnection> {
    if (this.#connection && (await answers(this.#connection.engine))) return this.#connection;
    return this.#use(await findOrStartEngine(this.#launch));
  }

  /** Keeps the open connection while the engine is at the same place with the same tokens, also across a restart. */
  #use(address: EngineAddress): EngineConnection {
    const { environmentName, dataFolder } = this;
    if (this.#connection && isSamePlace(this.#connection.address, address)) return this.#connection;
    const { tokenId, tokenSecret } = address;
    const url = nearestUrl(address);
    this.#disconnect();
    this.#connection = {
      address,
      modal: new ModalClient({ url, tokenId, tokenSecret, environmentName, engineDataFolder: dataFolder }),
      engine: new EngineClient(address),
    };
    return this.#connection;
  }
}

async function answers(engine: EngineClient): Promise<boolean> {
  try {
    await engine.status({ timeoutMs: 5_000 });
    return true;
  } catch (error) {
    if (error instanceof NoEngineError) return false;
    throw error;
  }
}
