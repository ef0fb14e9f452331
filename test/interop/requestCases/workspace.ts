import { collect } from "../../client/fakeModal.ts";
import { ENVIRONMENT, FunctionType, type RequestCase } from "./requestCase.ts";

/** Numbers of Modal's enums, which the SDK does not export. */
const DEPLOYED = 3;
const STDERR = 2;

/** What is around functions: apps, containers, logs. */
export const workspaceCases: readonly RequestCase[] = [
  {
    does: "apps.list",
    answers: {
      AppList: { apps: [{ appId: "ap-1", name: "my-app", state: DEPLOYED, createdAt: 1.5, nRunningTasks: 2 }] },
    },
    act: (modal) => modal.apps.list(),
    returns: [
      { appId: "ap-1", name: "my-app", state: "DEPLOYED", createdAt: 1_500, stoppedAt: 0, numRunningContainers: 2 },
    ],
    sends: [["AppList", { environmentName: ENVIRONMENT }]],
  },
  {
    does: "apps.lookup",
    answers: {
      AppGetByDeploymentName: { appId: "ap-1", lifecycle: { appState: DEPLOYED, version: 4, deployedAt: 2.5 } },
    },
    act: (modal) => modal.apps.lookup("my-app"),
    returns: { appId: "ap-1", state: "DEPLOYED", version: 4, deployedAt: 2_500 },
    sends: [["AppGetByDeploymentName", { name: "my-app", environmentName: ENVIRONMENT }]],
  },
  {
    does: "apps.layout",
    answers: {
      AppGetLayout: {
        appLayout: {
          functionIds: { square: "fu-1" },
          objects: [
            {
              objectId: "fu-1",
              functionHandleMetadata: { functionName: "square", functionType: FunctionType.GENERATOR },
            },
          ],
        },
      },
    },
    act: async (modal) => {
      const functions = await modal.apps.layout("ap-1");
      return functions.map(({ metadata, ...fn }) => ({ ...fn, functionName: metadata.functionName }));
    },
    returns: [{ name: "square", functionId: "fu-1", isGenerator: true, functionName: "square" }],
    sends: [["AppGetLayout", { appId: "ap-1" }]],
  },
  {
    does: "apps.stop",
    answers: {},
    act: (modal) => modal.apps.stop("ap-1"),
    returns: undefined,
    sends: [["AppStop", { appId: "ap-1", source: "APP_STOP_SOURCE_PYTHON_CLIENT" }]],
  },
  {
    does: "apps.history",
    answers: {
      AppDeploymentHistory: {
        productionAppVersion: 2,
        appDeploymentHistories: [{ version: 2, deployedAt: 3.5, deployedBy: "ada", tag: "t" }],
      },
    },
    act: (modal) => modal.apps.history("ap-1"),
    returns: [{ version: 2, deployedAt: 3_500, deployedBy: "ada", tag: "t", isCurrent: true }],
    sends: [["AppDeploymentHistory", { appId: "ap-1" }]],
  },
  {
    does: "containers.list",
    answers: { TaskList: { tasks: [{ taskId: "ta-1", appId: "ap-1", appDescription: "my-app", enqueuedAt: 1.5 }] } },
    act: (modal) => modal.containers.list("ap-1"),
    returns: [{ taskId: "ta-1", appId: "ap-1", appName: "my-app", enqueuedAt: 1_500, startedAt: 0 }],
    sends: [["TaskList", { environmentName: ENVIRONMENT, appId: "ap-1" }]],
  },
  {
    does: "apps.logs",
    answers: {
      AppGetLogs: [
        {
          entryId: "1-0",
          taskId: "ta-1",
          items: [{ data: "hello\n", fileDescriptor: STDERR, timestampNs: 1_500_000_000, functionCallId: "fc-1" }],
        },
        { entryId: "2-0", appDone: true },
      ],
    },
    act: async (modal) => {
      const entries = await collect(
        modal.apps.logs({ appId: "ap-1", functionCallId: "fc-1", afterEntryId: "0-5", follow: true }),
      );
      return entries.map(({ at, stream, text, taskId, functionCallId }) => [at, stream, text, taskId, functionCallId]);
    },
    returns: [[1_500, "stderr", "hello\n", "ta-1", "fc-1"]],
    sends: [["AppGetLogs", { appId: "ap-1", functionCallId: "fc-1", lastEntryId: "0-5", timeout: 55 }]],
  },
  {
    does: "calls.list",
    answers: {
      FunctionCallList: {
        functionCalls: [{ functionCallId: "fc-1", createdAt: 1.5, totalInputs: 3, succeededInputs: { total: 2 } }],
      },
    },
    act: (modal) => modal.calls.list("fu-1"),
    returns: [
      {
        functionCallId: "fc-1",
        createdAt: 1_500,
        totalInputs: 3,
        pendingInputs: 0,
        succeededInputs: 2,
        failedInputs: 0,
        timedOutInputs: 0,
        cancelledInputs: 0,
      },
    ],
    sends: [["FunctionCallList", { functionId: "fu-1" }]],
  },
];
