import { GenericResult_GenericStatus as GenericStatus } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

/** The handlers of tasks, which users know as containers. */
export function taskHandlers({
  store,
  scheduler,
  containers,
}: House): ModalHandlers<"taskList" | "taskGetInfo" | "containerStop"> {
  return {
    taskList: ({ appId, environmentName }) => {
      const environment = environmentNamed(environmentName);
      const tasks = scheduler.containers().flatMap(({ functionId, taskId, startedAt }) => {
        const app = store.apps.get(store.apps.function(functionId)?.appId ?? "");
        if (!app || (appId ? app.appId !== appId : app.environment !== environment)) return [];
        return [{ taskId, appId: app.appId, appDescription: app.name, startedAt, enqueuedAt: startedAt }];
      });
      return { tasks };
    },

    taskGetInfo: ({ taskId }) => {
      const container = containers.get(taskId);
      if (!container) {
        throw new RpcError(
          RpcStatus.NOT_FOUND,
          `There is no container ${taskId}, or it ended long ago or with an earlier engine.`,
        );
      }
      const { appId, enqueuedAt, startedAt, finishedAt, exception } = container;
      const result = exception && { result: { status: GenericStatus.INIT_FAILURE, exception } };
      return { appId, info: { id: taskId, enqueuedAt, startedAt, finishedAt, ...result } };
    },

    containerStop: ({ taskId, graceful }) => {
      if (!scheduler.stopContainer(taskId, graceful)) {
        throw new RpcError(RpcStatus.NOT_FOUND, `There is no running container ${taskId}.`);
      }
      return {};
    },
  };
}
