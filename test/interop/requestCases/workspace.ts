import { UNIMPLEMENTED } from "../recordingServer.ts";
import { ENVIRONMENT, FunctionType, type RequestCase } from "./requestCase.ts";

/** The number of Modal's enum, which the SDK does not export. */
const DEPLOYED = 3;

const APP_ID = "ap-0123456789abcdefABCDEF";
const LIFECYCLE = { appState: DEPLOYED, version: 4, deployedAt: 2.5 };
const DEPLOYED_APP = {
  appId: APP_ID,
  name: "",
  environmentName: "",
  state: "DEPLOYED",
  version: 4,
  createdAt: 0,
  deployedAt: 2_500,
  deployedBy: "",
  stoppedAt: 0,
};

/** What is around functions: apps, containers, environments, the workspace itself. */
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
      AppGetByDeploymentName: { appId: "ap-1", lifecycle: LIFECYCLE },
    },
    act: (modal) => modal.apps.lookup("my-app"),
    returns: { ...DEPLOYED_APP, appId: "ap-1", name: "my-app", environmentName: ENVIRONMENT },
    sends: [["AppGetByDeploymentName", { name: "my-app", environmentName: ENVIRONMENT }]],
  },
  {
    does: "apps.lookup of an id",
    answers: { AppGetInfo: { info: { description: "my-app", environmentName: "main", lifecycle: LIFECYCLE } } },
    act: (modal) => modal.apps.lookup(APP_ID),
    returns: { ...DEPLOYED_APP, name: "my-app", environmentName: "main" },
    sends: [["AppGetInfo", { appId: APP_ID }]],
  },
  {
    does: "apps.info where AppGetInfo is missing",
    answers: { AppGetInfo: UNIMPLEMENTED, AppGetLifecycle: { lifecycle: LIFECYCLE } },
    act: (modal) => modal.apps.info(APP_ID),
    returns: DEPLOYED_APP,
    sends: [
      ["AppGetInfo", { appId: APP_ID }],
      ["AppGetLifecycle", { appId: APP_ID }],
    ],
  },
  {
    does: "apps.rollback",
    answers: {},
    act: (modal) => modal.apps.rollback("ap-1", { version: -2 }),
    returns: undefined,
    sends: [["AppRollback", { appId: "ap-1", version: -2 }]],
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
              functionHandleMetadata: {
                functionName: "square",
                functionType: FunctionType.GENERATOR,
                webUrl: "https://square.modal.run",
              },
            },
          ],
        },
      },
    },
    act: async (modal) => {
      const functions = await modal.apps.layout("ap-1");
      return functions.map(({ metadata, ...fn }) => ({ ...fn, functionName: metadata.functionName }));
    },
    returns: [
      {
        name: "square",
        functionId: "fu-1",
        isGenerator: true,
        webUrl: "https://square.modal.run",
        functionName: "square",
      },
    ],
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
    returns: [
      {
        version: 2,
        deployedAt: 3_500,
        deployedBy: "ada",
        tag: "t",
        isCurrent: true,
        rollbackOf: undefined,
        rollbackAllowed: false,
      },
    ],
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
    does: "containers.info",
    answers: { TaskGetInfo: { appId: "ap-1", info: { enqueuedAt: 1.5, startedAt: 2.5, finishedAt: 3.5 } } },
    act: (modal) => modal.containers.info("ta-1"),
    returns: { taskId: "ta-1", appId: "ap-1", enqueuedAt: 1_500, startedAt: 2_500, finishedAt: 3_500, exception: "" },
    sends: [["TaskGetInfo", { taskId: "ta-1" }]],
  },
  {
    does: "containers.stop",
    answers: {},
    act: (modal) => modal.containers.stop("ta-1", { graceful: true }),
    returns: undefined,
    sends: [["ContainerStop", { taskId: "ta-1", graceful: true }]],
  },
  {
    does: "environments.list",
    answers: { EnvironmentList: { items: [{ name: "main", default: true, createdAt: 1.5 }] } },
    act: (modal) => modal.environments.list(),
    returns: [{ name: "main", isDefault: true, createdAt: 1_500 }],
    sends: [["EnvironmentList", {}]],
  },
  {
    does: "environments.create",
    answers: { EnvironmentGetOrCreate: { metadata: { name: "new" } } },
    act: (modal) => modal.environments.create("new"),
    returns: "new",
    sends: [
      [
        "EnvironmentGetOrCreate",
        { deploymentName: "new", objectCreationType: "OBJECT_CREATION_TYPE_CREATE_FAIL_IF_EXISTS" },
      ],
    ],
  },
  {
    does: "workspace.name",
    answers: { WorkspaceNameLookup: { username: "acme" } },
    act: (modal) => modal.workspace.name(),
    returns: "acme",
    sends: [["WorkspaceNameLookup", {}]],
  },
  {
    does: "workspace.tokenInfo",
    answers: {
      TokenInfoGet: {
        tokenId: "ak-1",
        workspaceName: "acme",
        userIdentity: { username: "ada" },
        createdAt: new Date(5_000),
      },
    },
    act: (modal) => modal.workspace.tokenInfo(),
    returns: {
      tokenId: "ak-1",
      tokenName: "",
      workspaceName: "acme",
      username: "ada",
      createdAt: 5_000,
      expiresAt: undefined,
    },
    sends: [["TokenInfoGet", {}]],
  },
];
