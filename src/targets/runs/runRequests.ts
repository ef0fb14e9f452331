import { setTimeout as delay } from "node:timers/promises";
import type { LogEntry } from "../../client/index.ts";
import type { Frame } from "../../proto/frames.ts";
import { RpcError } from "../../proto/grpc/rpcError.ts";
import type { LocalTarget } from "../localTarget.ts";
import { DeployError, NoEngineError } from "../targetError.ts";
import { RunningApp } from "./runningApp.ts";

/** What only asks may be asked again when the engine died meanwhile. */
const READS = new Set([
  ...["lookup", "outputs", "items", "call_graph", "call_size", "stats", "bind"],
  ...["object_list", "dict_get", "dict_has", "dict_length", "dict_page", "queue_next", "queue_length"],
]);
const ASK_AGAIN_MS = 200;
const MAX_ASKS = 25;

type Params = Readonly<Record<string, unknown>>;

interface Reply {
  readonly value: object;
  readonly payload?: Uint8Array;
}

/** Answers what Python code that runs apps asks for: to start an app, to end it, and, from the engine, everything else. */
export class RunRequests {
  readonly #target: LocalTarget;
  readonly #python: string;
  readonly #onLog: (entry: LogEntry) => void;
  /** By the app's name, the one that was started last is last. */
  readonly #apps = new Map<string, { readonly app: RunningApp; readonly detach: boolean }>();
  /** Ids by name, of what the code has deployed. */
  readonly #deployed = new Map<string, string>();
  readonly #over = new AbortController();
  /** What the code waits for the answers to, by their numbers. */
  readonly #waiting = new Map<unknown, AbortController>();

  /** @param python the interpreter that containers run with */
  constructor(target: LocalTarget, python: string, onLog: (entry: LogEntry) => void) {
    this.#target = target;
    this.#python = python;
    this.#onLog = onLog;
  }

  /** The code waits for an answer no longer. */
  forget({ header }: Frame): void {
    this.#waiting.get(header.request)?.abort();
  }

  /** The header and payload of the reply; a failure is one too. */
  async answer({ header, payload }: Frame): Promise<[header: object, payload: Uint8Array]> {
    const { request } = header;
    const waiting = new AbortController();
    this.#waiting.set(request, waiting);
    try {
      const reply = await this.#reply(String(header.method), (header.params ?? {}) as Params, payload, waiting.signal);
      return [{ type: "reply", request, ok: true, value: reply.value }, reply.payload ?? new Uint8Array()];
    } catch (error) {
      return [{ type: "reply", request, ok: false, error: failureOf(error) }, new Uint8Array()];
    } finally {
      this.#waiting.delete(request);
    }
  }

  /** Ends what the code has started and not ended itself. */
  async close(): Promise<void> {
    this.#over.abort();
    const apps = [...this.#apps.values()];
    this.#apps.clear();
    await Promise.all(apps.map(({ app, detach }) => (detach ? app.leave() : app.stop())));
  }

  #reply(method: string, params: Params, payload: Uint8Array, signal: AbortSignal): Promise<Reply> {
    if (method === "start_run") return this.#start(params);
    if (method === "end_run") return this.#end(params);
    if (method === "deploy") return this.#deploy(params);
    return this.#ask(method, params, payload, signal);
  }

  async #start({ path, app: appName, detach, environment }: Params): Promise<Reply> {
    const engine = await this.#target.engine();
    const { appId, name } = await engine.startRun({
      path: String(path),
      python: this.#python,
      environmentName: String(environment) || this.#target.environmentName,
      appName: String(appName),
      detach: detach === true,
      signal: this.#over.signal,
    });
    this.#apps.set(name, { app: new RunningApp(this.#target, appId, this.#onLog), detach: detach === true });
    return { value: { app_id: appId, name } };
  }

  async #end({ app_id }: Params): Promise<Reply> {
    for (const [name, { app, detach }] of this.#apps) {
      if (app.appId !== app_id) continue;
      this.#apps.delete(name);
      await (detach ? app.leave() : app.stop());
    }
    return { value: {} };
  }

  /** What the code calls of an app that it has deployed is in the same environment. */
  async #deploy(params: Params): Promise<Reply> {
    const environment = String(params.environment) || this.#target.environmentName;
    const reply = await this.#ask("deploy", { ...params, environment, python: this.#python }, new Uint8Array());
    const { app_id, name } = reply.value as Params;
    this.#deployed.set(String(name), String(app_id));
    return reply;
  }

  async #ask(method: string, params: Params, payload: Uint8Array, signal?: AbortSignal): Promise<Reply> {
    const asking = this.#apps.get(String(params.app)) ?? [...this.#apps.values()].at(-1);
    const appId = asking?.app.appId ?? this.#deployed.get(String(params.app)) ?? "";
    const request = { appId, method, params: JSON.stringify(params), payload };
    const ended = signal ? AbortSignal.any([this.#over.signal, signal]) : this.#over.signal;
    for (let asks = 1; ; asks++) {
      try {
        const engine = await this.#target.engine();
        const answer = await engine.ask(request, { signal: ended });
        return { value: JSON.parse(answer.value) as object, payload: answer.payload };
      } catch (error) {
        if (!(error instanceof NoEngineError) || !READS.has(method) || asks === MAX_ASKS) throw error;
        await delay(ASK_AGAIN_MS);
      }
    }
  }
}

function failureOf(error: unknown): { code: string; message: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof RpcError ? cause.codeName : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DeployError) return { code, message: [message, error.traceback].filter(Boolean).join("\n") };
  return { code, message };
}
