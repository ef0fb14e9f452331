import * as l10n from "@vscode/l10n";
import type { CancellationToken, Event } from "vscode";
import type { AgentServices } from "../agents/agentTool.ts";
import type { CallKind } from "../calls/model.ts";
import type { FunctionCall, ModalFunction } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import { cancellation } from "./cancellation.ts";
import type {
  CalledFunction,
  CallInput,
  CallName,
  FunctionName,
  Place,
  SpawnpointApi,
  TargetInfo,
} from "./extensionApi.ts";

/** What the API works with: the same as the tools of language models, and asked for anew each time. */
export interface ApiSurroundings {
  readonly services: () => AgentServices;
  readonly onDidChangeTargets: Event<void>;
}

/** Version 1 of the API, on the targets of this window. The client is loaded with the first call. */
export class ConnectedApi implements SpawnpointApi {
  readonly version = 1;
  readonly onDidChangeTargets: Event<void>;
  readonly #services: () => AgentServices;

  constructor({ services, onDidChangeTargets }: ApiSurroundings) {
    this.#services = services;
    this.onDidChangeTargets = onDidChangeTargets;
  }

  async getTargets(): Promise<readonly TargetInfo[]> {
    const { targets } = this.#services();
    await targets.refresh();
    return targets.all.map(({ id, name }) => ({ id, name, isCurrent: id === targets.current.targetId }));
  }

  async getFunctions(given: Place = {}): Promise<readonly Required<FunctionName>[]> {
    const place = this.#place(given);
    const { apps } = await this.#services().targets.modal(place);
    const deployed = (await apps.list()).filter(({ state }) => state === "DEPLOYED");
    const functions = deployed.map(async ({ appId, name: appName }) =>
      (await apps.layout(appId)).map(({ name }) => ({ ...place, appName, functionName: name })),
    );
    return (await Promise.all(functions)).flat();
  }

  async call(fn: CalledFunction, { args, kwargs }: CallInput = {}, token?: CancellationToken): Promise<unknown> {
    const call = await this.#start(fn, "run", (found) => found.spawn(args, kwargs));
    const { signal, dispose } = cancellation(token, () => call.cancel());
    try {
      return await call.get({ signal });
    } finally {
      dispose();
    }
  }

  async spawn(fn: CalledFunction, { args, kwargs }: CallInput = {}): Promise<Required<CallName>> {
    const { functionCallId } = await this.#start(fn, "spawn", (found) => found.spawn(args, kwargs));
    return { ...this.#place(fn), functionCallId };
  }

  async map(fn: CalledFunction, inputs: Iterable<unknown> | AsyncIterable<unknown>): Promise<Required<CallName>> {
    const { functionCallId } = await this.#start(fn, "map", (found) => found.spawnMap(rowsOf(inputs)));
    return { ...this.#place(fn), functionCallId };
  }

  async *getResults(call: CallName, token?: CancellationToken): AsyncGenerator<unknown, void, undefined> {
    const { signal, dispose } = cancellation(token);
    try {
      yield* (await this.#find(call)).iter({ signal });
    } finally {
      dispose();
    }
  }

  async cancel(call: CallName): Promise<void> {
    await (await this.#find(call)).cancel();
  }

  async #find(call: CallName): Promise<FunctionCall> {
    const modal = await this.#services().targets.modal(this.#place(call));
    return modal.calls.fromId(call.functionCallId);
  }

  async #start(fn: CalledFunction, kind: CallKind, send: (found: ModalFunction) => Promise<FunctionCall>) {
    const services = this.#services();
    if (!services.isTrusted)
      throw new InputError(l10n.t("The workspace is not trusted, so nothing is called; trust it first."));
    const { startCall } = await import("../agents/startCall.ts");
    const { targetId, environmentName } = this.#place(fn);
    const { appName: app, functionName, parameters } = fn;
    const names = { app, function: functionName, ...(parameters && { parameters }) };
    const input = { target: targetId, environment: environmentName, ...names };
    return (await startCall(services, input, kind, send)).call;
  }

  #place({ targetId, environmentName }: Place): TargetPlace {
    const { current } = this.#services().targets;
    if (targetId === undefined) return environmentName === undefined ? current : { ...current, environmentName };
    return { targetId, environmentName: environmentName ?? "" };
  }
}

async function* rowsOf(inputs: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<[unknown]> {
  for await (const input of inputs) yield [input];
}
