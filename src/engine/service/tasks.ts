import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

/** The handlers of tasks, which users know as containers. */
export function taskHandlers({ store, scheduler }: House): ModalHandlers<"taskList" | "containerStop"> {
  return {
    taskList: ({ appId, environmentName }) => {
      const environment = environmentNamed(environmentName);
      const tasks = scheduler.containers().flatMap(({ functionId, taskId, startedAt }) => {
        const app = store.apps.get(store.apps.function(functionId)?.appId ?? "");
        if (!app || (appId ? app.appId !== appId : app.environment !== environment)) return [];
        const at = startedAt / 1_000;
        return [{ taskId, appId: app.appId, appDescription: app.name, startedAt: at, enqueuedAt: at }];
      });
      return { tasks };
    },

    containerStop: ({ taskId, graceful }) => {
      if (!scheduler.stopContainer(taskId, graceful)) {
        throw new RpcError(RpcStatus.NOT_FOUND, `There is no running container ${taskId}.`);
      }
      return {};
    },
  };
}
