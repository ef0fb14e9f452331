import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { ModalClient } from "../../src/client/index.ts";
import { type DeployResponse, Engine } from "../../src/proto/gen/engine_pb.js";
import { ModalClient as ModalService } from "../../src/proto/gen/modal_pb.js";
import { type RpcClient, rpcClient } from "../../src/proto/grpc/rpcClient.ts";

/** The line with which an engine says that it is ready. */
export interface Ready {
  readonly url: string;
  readonly socketPath?: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  readonly pid: number;
  readonly data: string | null;
}

const main = fileURLToPath(new URL("../../src/engine/main.ts", import.meta.url));
/** Node keeps our sources here as it has compiled them: an engine then starts in half the time. An engine that is killed adds nothing. */
const compiled = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));
/** What processes of ours call themselves while they run no user code. */
const TEMPLATE = "spawnpoint-tmpl";
const SPARE = "spawnpoint-next";
/** Also where the interpreter has Modal's own package, unless a test says otherwise. */
const RUNTIME = ["--runtime", "builtIn"];
const PATIENCE_MS = 60_000;
const LARGEST_MESSAGE = 100 * 1024 * 1024;

/** A real engine in a process of its own, with a folder for its data and one for Python files. */
export class EngineHarness {
  readonly folder: string;
  readonly #clients: { close(): void }[] = [];
  #process: ChildProcess | undefined;
  #ready: Ready | undefined;
  #stderr = "";

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts an engine; the test's end kills it, looks for processes that it left, and removes its folder. */
  static async start(test: Pick<TestContext, "after">, options: readonly string[] = []): Promise<EngineHarness> {
    const harness = new EngineHarness(await mkdtemp(join(tmpdir(), "spawnpoint-engine-")));
    test.after(() => harness.#remove());
    await harness.restart(options);
    return harness;
  }

  get dataFolder(): string {
    return join(this.folder, "data");
  }

  get ready(): Ready {
    if (!this.#ready) throw new Error("The engine is not ready.");
    return this.#ready;
  }

  /** What all its engines have complained of. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Starts an engine on the same data. */
  async restart(options: readonly string[] = []): Promise<Ready> {
    const engine = this.run(["--data", this.dataFolder, "--json", ...RUNTIME, ...options]);
    this.#process = engine.process;
    const line = await Promise.race([
      engine.firstLine,
      engine.ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
    ]);
    this.#ready = JSON.parse(line) as Ready;
    return this.#ready;
  }

  /** Runs the engine's program with any options. */
  run(options: readonly string[]) {
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
    const child = spawn(process.execPath, [main, ...options], { env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
      this.#stderr += text;
    });
    const firstLine = new Promise<string>((resolve) => {
      child.stdout.on("data", (text) => {
        stdout += text;
        if (stdout.includes("\n")) resolve(stdout);
      });
    });
    const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
    return { process: child, firstLine, ended };
  }

  /** Sends a signal and waits until the engine is gone. */
  async end(signal: "SIGTERM" | "SIGKILL" | "SIGINT"): Promise<{ code: number | null; signal: string | null }> {
    this.#process?.kill(signal);
    return this.ended();
  }

  async ended(): Promise<{ code: number | null; signal: string | null }> {
    const child = this.#process;
    if (!child) throw new Error("The engine was not started.");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return { code: child.exitCode, signal: child.signalCode };
  }

  /** The client that users have. */
  modal(): ModalClient {
    return this.#keep(new ModalClient(this.ready));
  }

  /** The client of this machine, whose large values go by file. */
  localModal(): ModalClient {
    return this.#keep(new ModalClient({ ...this.ready, engineDataFolder: this.dataFolder }));
  }

  /** The engine's own service. */
  engine(): RpcClient<typeof Engine> {
    return rpcClient(Engine, this.channel(), () => this.tokens());
  }

  /** Modal's service, without what a client does about retries. */
  service(): RpcClient<typeof ModalService> {
    return rpcClient(ModalService, this.channel(), () => this.tokens());
  }

  tokens(): Record<string, string> {
    return { "x-modal-token-id": this.ready.tokenId, "x-modal-token-secret": this.ready.tokenSecret };
  }

  channel(): Client {
    const options = {
      "grpc.max_receive_message_length": LARGEST_MESSAGE,
      "grpc.max_send_message_length": LARGEST_MESSAGE,
      "grpc.use_local_subchannel_pool": 1,
    };
    return this.#keep(new Client(new URL(this.ready.url).host, credentials.createInsecure(), options));
  }

  /** Writes a file beside the data, and returns its path. */
  async write(name: string, source: string): Promise<string> {
    const path = join(this.folder, "src", name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, source);
    return path;
  }

  async deploy(source: string, name = "app.py"): Promise<DeployResponse> {
    const path = await this.write(name, source);
    return this.engine().deploy({ path, python: "python3" });
  }

  /** Python processes of containers that were started for this engine's data, by whichever engine. */
  async pythonProcesses(): Promise<number[]> {
    const names = new Set([TEMPLATE, SPARE]);
    return (await this.#processes()).filter(({ name }) => !names.has(name)).map(({ pid }) => pid);
  }

  /** Processes that fork containers. */
  templates(): Promise<number[]> {
    return this.#named(TEMPLATE);
  }

  /** Processes that were forked ahead, and wait to become containers. */
  spares(): Promise<number[]> {
    return this.#named(SPARE);
  }

  async #named(wanted: string): Promise<number[]> {
    return (await this.#processes()).filter(({ name }) => name === wanted).map(({ pid }) => pid);
  }

  async #processes(): Promise<{ pid: number; name: string }[]> {
    const found: { pid: number; name: string }[] = [];
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      if (!environment.includes(`SPAWNPOINT_HOME=${this.dataFolder}`)) continue;
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      found.push({ pid: Number(pid), name: name.trim() });
    }
    return found;
  }

  #keep<T extends { close(): void }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  async #remove(): Promise<void> {
    for (const client of this.#clients) client.close();
    if (this.#process?.exitCode === null) await this.end("SIGKILL");
    await until("no Python process is left", async () => (await this.#processes()).length === 0);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when the condition holds; fails with its name when it never does. */
export async function until(name: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain until ${name}.`);
    await delay(20);
  }
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
