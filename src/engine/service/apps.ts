import type { MessageInitShape } from "@bufbuild/protobuf";
import { type AppLifecycleSchema, AppState } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { AppRecord } from "../store/appStore.ts";
import { classIdOf, classMetadata } from "./classes.ts";
import { functionMetadata } from "./functionMetadata.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";
import { stopApp } from "./stopApp.ts";
import { userName } from "./workspace.ts";

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

    appGetLayout: ({ appId }) => {
      const app = theApp(house, appId);
      const functions = liveFunctions(house, app);
      const functionIds = Object.fromEntries(functions.map(({ name, functionId }) => [name, functionId]));
      const objects = functions.map(({ functionId, definition }) => ({
        objectId: functionId,
        handleMetadataOneof: {
          case: "functionHandleMetadata" as const,
          value: functionMetadata(house, appId, definition),
        },
      }));
      const classes = functions.filter(({ definition }) => definition.cls);
      const classIds = Object.fromEntries(
        classes.map(({ functionId, definition }) => [definition.cls?.name, classIdOf(functionId)]),
      );
      const classObjects = classes.map(({ functionId, definition }) => ({
        objectId: classIdOf(functionId),
        handleMetadataOneof: {
          case: "classHandleMetadata" as const,
          value: classMetadata(house, functionId, appId, definition),
        },
      }));
      return { appLayout: { objects: [...objects, ...classObjects], functionIds, classIds } };
    },

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

/** The functions of an app's newest version, in the order of its file. */
function liveFunctions({ store }: House, app: AppRecord) {
  const ids = new Map(store.apps.functions(app.appId).map(({ name, functionId }) => [name, functionId]));
  return app.definition.functions.flatMap((definition) => {
    const functionId = ids.get(definition.name);
    return functionId === undefined ? [] : [{ name: definition.name, functionId, definition }];
  });
}

function tasksByApp({ store, scheduler }: House): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { functionId } of scheduler.containers()) {
    const appId = store.apps.function(functionId)?.appId;
    if (appId) counts.set(appId, (counts.get(appId) ?? 0) + 1);
  }
  return counts;
}
