import { once } from "node:events";
import type { Engine } from "../../../proto/gen/engine_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { RpcHandlers } from "../../../proto/grpc/rpcServer.ts";
import type { Idleness } from "../../idleness.ts";
import { answerPython } from "../containerRequests.ts";
import { environmentNamed, type House } from "../house.ts";
import { deployedApp } from "./deployedApp.ts";
import { DEFAULT_PYTHON } from "./deployFile.ts";

/** The handlers of apps that run without being deployed. */
export function runHandlers(
  house: House,
  idleness: Idleness,
): Required<Pick<RpcHandlers<typeof Engine>, "startRun" | "attendRun" | "attendClient" | "ask">> {
  const { deployments, scheduler, runs, web } = house;
  return {
    startRun: async ({ path, python, environmentName, appName, detach }) => {
      const environment = environmentNamed(environmentName);
      const run = detach ? "detached" : "attended";
      const file = { path, python: python || DEFAULT_PYTHON };
      const app = await idleness.during(() => deployments.run({ ...file, environment, appName, run }));
      runs.started(app.appId);
      await web.appDeployed(app);
      scheduler.appDeployed(app);
      return deployedApp(house, { app, unchanged: false });
    },

    attendRun: async function* ({ appId }, { signal }) {
      yield {}; // So that the client knows from when on it is heard.
      await idleness.during(() => runs.attend(appId, signal));
    },

    attendClient: async function* ({ path, python, runtime }, { signal }) {
      const file = { path, python: python || DEFAULT_PYTHON };
      const found = await house.runtimes.of(file.python, runtime);
      if (!found) return yield {};
      const client = house.clients.begin({ ...file, package: found });
      try {
        const { tokenId, tokenSecret } = client;
        yield { tokenId, tokenSecret };
        await idleness.during(() => aborted(signal));
      } finally {
        house.clients.end(client);
      }
    },

    ask: async ({ appId, method, params, payload }, { signal }) => {
      const request = { method, params: parsed(params), payload, signal };
      const reply = await answerPython(house, appId, request);
      return { value: JSON.stringify(reply.value), payload: reply.payload ?? new Uint8Array() };
    },
  };
}

/** Resolves when the caller has gone. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch (error) {
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The request's params are not JSON.", { cause: error });
  }
}
