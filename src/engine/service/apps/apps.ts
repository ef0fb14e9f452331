import type { MessageInitShape } from "@bufbuild/protobuf";
import { type AppLifecycleSchema, AppState } from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { AppRecord } from "../../store/appStore.ts";
import { environmentNamed, type House, type ModalHandlers } from "../house.ts";
import { userName } from "../workspace.ts";
import { appLayout } from "./appLayout.ts";
import { stopApp } from "./stopApp.ts";

/** Modal's command line shows this where it has the address of a page. */
export const WHERE_APPS_ARE_SEEN = "Spawnpoint in VS Code";

type Names = "appList" | "appGetLayout" | "appGetByDeploymentName" | "appGetLifecycle" | "appGetInfo" | "appStop";

/** The handlers of apps. */
export function appHandlers(house: House): ModalHandlers<Names> {
  const { store } = house;
  return {
    appList: ({ environmentName }) => {
      const runningTasks = tasksByApp(house);
      const apps = store.apps.list(environmentNamed(environmentName)).map((app) => ({
        appId: app.appId,
        name: app.name,
        description: app.name,
        state: stateOf(house, app),
        createdAt: app.createdAt,
        stoppedAt: app.stoppedAt ?? 0,
        nRunningTasks: runningTasks.get(app.appId) ?? 0,
      }));
      return { apps };
    },

    appGetLayout: ({ appId }) => ({ appLayout: appLayout(house, theApp(house, appId)) }),

    appGetByDeploymentName: ({ name, environmentName }) => {
      const environment = environmentNamed(environmentName);
      const app = store.apps.deployed(environment, name);
      if (!app) {
        const previous = store.apps.list(environment).findLast((stopped) => stopped.name === name && !stopped.run);
        if (!previous) return { environmentName: environment };
        return { previousAppId: previous.appId, environmentName: environment, lifecycle: lifecycle(house, previous) };
      }
      return { appId: app.appId, environmentName: environment, lifecycle: lifecycle(house, app) };
    },

    appGetLifecycle: ({ appId }) => ({ lifecycle: lifecycle(house, theApp(house, appId)) }),

    appGetInfo: ({ appId }) => {
      const app = theApp(house, appId);
      return {
        info: { appId, description: app.name, environmentName: app.environment, lifecycle: lifecycle(house, app) },
      };
    },

    appStop: async ({ appId }) => {
      theApp(house, appId);
      await stopApp(house, appId);
      return {};
    },
  };
}

function stateOf({ runs }: House, { appId, run, stoppedAt }: AppRecord): AppState {
  if (stoppedAt !== undefined) return AppState.STOPPED;
  if (!run) return AppState.DEPLOYED;
  if (run === "attended") return AppState.EPHEMERAL;
  if (run === "initializing") return AppState.INITIALIZING;
  return runs.isAttended(appId) ? AppState.DETACHED : AppState.DETACHED_DISCONNECTED;
}

function lifecycle(house: House, app: AppRecord): MessageInitShape<typeof AppLifecycleSchema> {
  const { createdAt, deployedAt, version, stoppedAt = 0 } = app;
  const by = userName();
  return { appState: stateOf(house, app), createdAt, createdBy: by, deployedAt, deployedBy: by, version, stoppedAt };
}

/** @throws RpcError NOT_FOUND */
export function theApp({ store }: House, appId: string): AppRecord {
  const app = store.apps.get(appId);
  if (!app) throw new RpcError(RpcStatus.NOT_FOUND, `There is no app ${appId} here.`);
  return app;
}

function tasksByApp({ store, scheduler }: House): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { functionId } of scheduler.containers()) {
    const appId = store.apps.function(functionId)?.appId;
    if (appId) counts.set(appId, (counts.get(appId) ?? 0) + 1);
  }
  return counts;
}
