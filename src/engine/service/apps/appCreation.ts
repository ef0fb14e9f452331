import { AppState, ObjectCreationType } from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { AppRun } from "../../store/appStore.ts";
import { environmentNamed, type House, type ModalHandlers } from "../house.ts";
import { theApp, WHERE_APPS_ARE_SEEN } from "./apps.ts";
import { DEFAULT_PYTHON } from "./deployFile.ts";
import { stopApp } from "./stopApp.ts";

/** Modal's rule for the names of apps (`py/modal/_utils/name_utils.py`). */
const NAME = /^(?!ap-[a-zA-Z0-9]{22}$)[a-zA-Z0-9-_.]{1,64}$/;

type Names = "appCreate" | "appGetOrCreate" | "appHeartbeat" | "appClientDisconnect";

/** The handlers of apps that Modal's clients make, and publish later. */
export function appCreationHandlers(house: House): ModalHandlers<Names> {
  const { store, runs } = house;
  const create = async (environmentName: string, name: string, run: AppRun | undefined) => {
    const environment = environmentNamed(environmentName);
    const createdAt = Date.now() / 1_000;
    const appId = await store.database.write(() => {
      store.environments.add(environment, createdAt);
      return store.apps.add({ environment, name, createdAt, run });
    });
    runs.started(appId);
    return appId;
  };

  return {
    appCreate: async ({ description, environmentName, appState }) => {
      const appId = await create(environmentName, description, runOf(appState));
      return { appId, appPageUrl: WHERE_APPS_ARE_SEEN };
    },

    appGetOrCreate: async ({ appName, environmentName, objectCreationType }) => {
      const environment = environmentNamed(environmentName);
      const app = store.apps.deployed(environment, appName);
      if (app) return { appId: app.appId };
      if (objectCreationType !== ObjectCreationType.CREATE_IF_MISSING) {
        throw new RpcError(
          RpcStatus.NOT_FOUND,
          `No app named ${appName} is deployed in the environment ${environment}; deploy it, or ask for it with create_if_missing.`,
        );
      }
      if (!NAME.test(appName)) {
        throw new RpcError(
          RpcStatus.INVALID_ARGUMENT,
          `"${appName}" cannot name an app; write up to 64 letters, digits, dashes, dots and underscores.`,
        );
      }
      const { appId } = await house.deployments.deployEmpty(appName, DEFAULT_PYTHON, environment);
      return { appId };
    },

    appHeartbeat: ({ appId }) => {
      const app = theApp(house, appId);
      if (app.stoppedAt !== undefined) {
        throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The app ${app.name} is stopped.`);
      }
      if (app.run) runs.heartbeat(appId);
      return {};
    },

    appClientDisconnect: async ({ appId }) => {
      const { run, stoppedAt } = theApp(house, appId);
      if (stoppedAt === undefined && run === "detached") runs.left(appId);
      if (stoppedAt === undefined && (run === "attended" || run === "initializing")) await stopApp(house, appId);
      return {};
    },
  };
}

/** @throws RpcError INVALID_ARGUMENT for a state in which no app begins */
function runOf(state: AppState): AppRun {
  switch (state) {
    case AppState.INITIALIZING:
    case AppState.UNSPECIFIED:
      return "initializing";
    case AppState.EPHEMERAL:
      return "attended";
    case AppState.DETACHED:
      return "detached";
    default:
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `No app begins in the state ${AppState[state] ?? state}.`);
  }
}
